"""Training of detectors on labelled scenes."""
