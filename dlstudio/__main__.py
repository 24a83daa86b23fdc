"""Entry point of `python -m dlstudio`, the same as the command `dlstudio`."""

from __future__ import annotations

import sys

from dlstudio.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
