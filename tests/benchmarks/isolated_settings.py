"""An environment for processes that must not touch the user's settings."""

from __future__ import annotations

import os


def isolated_environment(home: str) -> dict[str, str]:
    """Return this process's environment with an empty home and no display."""
    return {
        **os.environ,
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/data",
        "XDG_CACHE_HOME": f"{home}/cache",
        "QT_QPA_PLATFORM": "offscreen",
    }
