"""Clocks that disagree: what confirmed matches say of the time between two cameras, and setting a camera's clock."""
