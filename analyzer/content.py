"""Where the built-in content stands: rules, architectures and report themes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def content(name: str) -> Path:
    """The folder `rules`, `architectures` or `reports`.

    An installed wheel carries them inside the package, a checkout beside it.
    """
    inside = _PACKAGE / "_content" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
