"""Training of re-identification networks: a recipe and a set of pictures in, weights and their scores out."""
