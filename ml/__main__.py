"""`python -m ml`: the vision library from the command line."""

import sys

from ml.cli.main import main

sys.exit(main())
