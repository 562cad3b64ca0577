"""Where features are kept between runs."""

import os
from pathlib import Path


def default_cache() -> Path:
    """``MELGAN_VC_CACHE``, or a folder among the user's caches."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("MELGAN_VC_CACHE") or Path(home) / "melgan_vc")
