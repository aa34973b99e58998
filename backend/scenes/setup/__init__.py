"""A scene from scratch: regions of interest, calibration by points, links between cameras."""
