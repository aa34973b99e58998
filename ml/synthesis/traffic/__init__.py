"""Streets and the traffic on them: where every vehicle is at every moment."""
