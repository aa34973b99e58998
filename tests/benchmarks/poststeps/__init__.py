"""What `tests.benchmarks.post_processing` compares, how it chooses parameters, and its page."""
