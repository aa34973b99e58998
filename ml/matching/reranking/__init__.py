"""After the embedding: distances between pictures, and what the papers do to make their ranking better.

Every step is a pure function on arrays; `post` puts steps in an order that a file names.
"""
