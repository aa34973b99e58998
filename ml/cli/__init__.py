"""The command line: one module a command; files in, files out."""
