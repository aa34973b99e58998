"""One module per job kind: reads through selectors, calls ml, writes through services."""
