"""Rendered pictures in the style of real ones: a cycle-consistent GAN that keeps them similar to themselves (SPGAN)."""
