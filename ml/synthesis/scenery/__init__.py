"""What stands still: ground, markings, houses, trees, street lamps."""
