"""The papers' tables of training, run again: `python -m tests.benchmarks.papers NAME`."""
