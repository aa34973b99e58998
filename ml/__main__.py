"""`python -m ml`: the vision library from the command line."""

from ml.cli.main import leave, main

leave(main())
