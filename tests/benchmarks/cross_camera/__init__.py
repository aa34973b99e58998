"""What the benchmarks of matching across cameras share: tracklets with their truth, calibration, fitted weights."""
