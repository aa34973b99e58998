"""Two runs of a scene side by side."""
