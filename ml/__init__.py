"""The vision library: arrays in, arrays out. No Django, no Celery. `python -m ml --help`."""
