"""Telling a webhook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import Request, build_opener

from analyzer.errors import UsageError
from analyzer.transport import NoRedirect, is_private

_HOST = re.compile(r"[\w.:-]+")
_HINT = "check --webhook"


def post(url: str, body: Mapping[str, Any], *, seconds: float = 10) -> None:
    """Send JSON to a webhook, as `send` does."""
    send(url, json.dumps(body).encode(), "application/json", seconds=seconds)


def send(url: str, data: bytes, type_: str, *, seconds: float = 10) -> None:
    """Send a body to a webhook. Raises `UsageError`; the address is never in its words.

    A webhook's address is its secret: only the host is told, and only TLS or loopback is used.
    What redirects has not taken the body, and may lead to where no TLS is: it is an error.
    """
    parts = _split(url)
    host = parts.hostname or ""
    if not is_private(parts):
        raise UsageError("a webhook's address begins with https://", hint=_HINT)
    if not _HOST.fullmatch(host):
        raise UsageError("the webhook's address names no host", hint=_HINT)
    try:
        request = Request(url, data, {"Content-Type": type_})  # noqa: S310 - checked above
        with build_opener(NoRedirect).open(request, timeout=seconds):
            return
    except HTTPError as error:
        error.close()
        raise _refused(host, error.code) from None
    except OSError as error:
        reason = " ".join(f"{getattr(error, 'reason', error)}".split())
        raise UsageError(f"the webhook at {host} cannot be reached: {reason}") from None
    except (HTTPException, ValueError) as error:
        # These quote the path, or what the other side sent.
        name = type(error).__name__
        raise UsageError(f"the webhook at {host} cannot be used: {name}", hint=_HINT) from None


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise UsageError("the webhook's address is no URL", hint=_HINT) from None


def _refused(host: str, code: int) -> UsageError:
    if code // 100 == 3:  # noqa: PLR2004 - the class of codes is its own name
        return UsageError(
            f"the webhook at {host} answered {code}, a redirect, which is not followed",
            hint="give --webhook the address that it leads to",
        )
    return UsageError(f"the webhook at {host} answered {code}")
