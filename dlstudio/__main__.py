"""Lets `python -m dlstudio` do what the command `dlstudio` does."""

from __future__ import annotations

import sys

from dlstudio.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
