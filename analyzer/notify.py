"""Telling a webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from analyzer.errors import UsageError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def post(url: str, body: Mapping[str, Any], *, seconds: float = 10) -> None:
    """Send JSON to a webhook. Raises `UsageError`; the address is never in its words.

    A webhook's address is its secret: only the host is told, and only TLS or loopback is used.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise UsageError("a webhook's address begins with https://", hint="check --webhook")
    data = json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=seconds):  # noqa: S310 - as above
            return
    except HTTPError as error:
        error.close()
        raise UsageError(f"the webhook at {host} answered {error.code}") from None
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise UsageError(f"the webhook at {host} cannot be reached: {reason}") from None
