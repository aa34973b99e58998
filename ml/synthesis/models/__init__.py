"""Vehicles, pedestrians and street furniture as meshes, read from the Sweet Home 3D furniture libraries."""
