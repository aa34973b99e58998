"""A scene from above: its plan picture, how that lies on the ground, and the cameras on it."""
