"""Asking the API of a code host: with patience, and with the token in nobody's words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from analyzer.errors import ForgeError, UsageError
from analyzer.escape import visible
from analyzer.transport import NoRedirect, is_private

PAGE = 100
_MOST_PAGES = 100
_ATTEMPTS = 4
_PASSING = (429, 500, 502, 503, 504)
_FORBIDDEN = 403  # with a time to wait it is a rate limit
_LONGEST_WAIT = 60.0
_LONGEST_REASON = 200


class RefusedError(ForgeError):
    """The code host answered with an error; `status` is its number."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """Where a code host listens, and what it is told of us; `header` carries the token."""

    name: str
    url: str
    header: str
    token: str = field(repr=False)
    wait: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        """Raise `UsageError` for an address or a token that cannot be used."""
        try:
            parts = urlsplit(self.url)
            usable = bool(parts.hostname) and is_private(parts)
        except ValueError:
            usable = False
        if not usable or visible(self.url) != self.url or " " in self.url:
            raise UsageError(f"the address of {self.name}'s API does not begin with https://")
        if not self.token:
            raise UsageError(f"there is no token for {self.name}", hint="set it as the help says")
        if not (self.token.isascii() and self.token.isprintable()):
            raise UsageError(f"the token for {self.name} holds what no header can")

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON; None where it has none. Raises `ForgeError`.

        What passes (an overloaded host, a rate limit) is asked again, when the host says so.
        """
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                return self._once(method, path, body)
            except HTTPError as error:
                with error:
                    reason = _reason(error)
                pause = _pause(error.code, str(error.headers.get("Retry-After", "")), attempt)
                if pause is None or last:
                    raise self._refused(error.code, reason) from None
            except (HTTPException, OSError, ValueError) as error:
                pause = float(2**attempt)
                if last:
                    raise self._unreachable(error) from None
            self.wait(pause)
        raise AssertionError  # the last attempt returns or raises

    def pages(self, path: str) -> Iterator[Any]:
        """The entries of a list, over all its pages."""
        for page in range(1, _MOST_PAGES + 1):
            entries = self.ask("GET", f"{path}?per_page={PAGE}&page={page}")
            if not isinstance(entries, list):
                raise ForgeError(f"{self.name} did not answer with a list")
            yield from entries
            if len(entries) < PAGE:
                return

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "assay",
        }
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.url.rstrip('/')}/{path}"
        request = Request(url, data, headers, method=method)  # noqa: S310 - checked when it was made
        # Not among the headers that would follow to another host.
        request.add_unredirected_header(self.header, self.token)
        with build_opener(NoRedirect).open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def _refused(self, status: int, reason: str) -> RefusedError:
        words = f" ({self._masked(reason)})" if reason else ""
        return RefusedError(f"{self.name} answered {status}{words}", status)

    def _unreachable(self, error: Exception) -> ForgeError:
        words = visible(getattr(error, "reason", None) or type(error).__name__)
        return ForgeError(f"{self.name} cannot be reached: {self._masked(words)}")

    def _masked(self, words: str) -> str:
        return words.replace(self.token.split()[-1], "***")


def _pause(status: int, told: str, attempt: int) -> float | None:
    """How long to wait before asking again; None where that would not help."""
    if status not in _PASSING and not (status == _FORBIDDEN and told):
        return None
    return min(float(told), _LONGEST_WAIT) if told.isdecimal() else float(2**attempt)


def _reason(error: HTTPError) -> str:
    """What the host says, where it says it in JSON."""
    try:
        told = json.loads(error.read(10_000))
    except (OSError, ValueError):
        return ""
    message = told.get("message") if isinstance(told, dict) else None
    return visible(message)[:_LONGEST_REASON] if isinstance(message, str) else ""
