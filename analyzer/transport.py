"""Speaking HTTP with what others run: over TLS or on loopback, and never led elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult
from urllib.request import HTTPRedirectHandler

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_private(parts: SplitResult) -> bool:
    """Whether nobody on the way can read what is sent there."""
    host = parts.hostname or ""
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


class NoRedirect(HTTPRedirectHandler):
    """Leaves a redirect what it is: an answer that is no success."""

    def redirect_request(self, *_: Any) -> None:
        """No request follows."""
