"""Asking the API of a code host: with patience, and with the token in nobody's words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
_NOT_PERMITTED = (401, 403, 404)  # what a token may not see is not found
_FORBIDDEN = 403  # may be a rate limit
_LIMITED = (_FORBIDDEN, 429)
_LONGEST_WAIT = 60.0
_LONGEST_REASON = 200
_LAST_TIME = 4_102_444_800.0  # 2100: what lies behind is no time of day


class RefusedError(ForgeError):
    """The code host answered with an error; `status` is its number."""

    def __init__(self, message: str, status: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def told(error: ForgeError, permission: str) -> str:
    """An error in words; `permission` says what to see to where the token may not do it."""
    refused = isinstance(error, RefusedError) and error.status in _NOT_PERMITTED
    hint = error.hint or (permission if refused else "")
    return f"{error.message}; {hint}" if hint else error.message


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
            variable = f"{self.name.upper()}_TOKEN"
            raise UsageError(f"there is no token for {self.name}", hint=f"set {variable}")
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
                    refusal = _Refusal.of(error)
                pause = refusal.pause(attempt)
                if pause is None or last:
                    raise self._refused(refusal) from None
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

    def _refused(self, refusal: _Refusal) -> RefusedError:
        words = f" ({self._masked(refusal.reason)})" if refusal.reason else ""
        message = f"{self.name} answered {refusal.status}{words}"
        return RefusedError(message, refusal.status, hint=refusal.hint)

    def _unreachable(self, error: Exception) -> ForgeError:
        if isinstance(error, json.JSONDecodeError):
            return ForgeError(f"{self.name} did not answer with JSON")
        words = visible(getattr(error, "reason", None) or type(error).__name__)
        return ForgeError(f"{self.name} cannot be reached: {self._masked(words)}")

    def _masked(self, words: str) -> str:
        return words.replace(self.token.split()[-1], "***")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An answer that is an error: its number, why, and how long to wait, as the host says it.

    `anew` is the time at which a rate limit that is used up begins anew.
    """

    status: int
    reason: str
    wait: str = ""
    anew: float | None = None

    @classmethod
    def of(cls, error: HTTPError) -> _Refusal:
        headers = {name.lower(): value for name, value in error.headers.items()}
        anew = _anew(headers) if error.code in _LIMITED else None
        return cls(error.code, _reason(error), headers.get("retry-after", ""), anew)

    def pause(self, attempt: int) -> float | None:
        """How long to wait before asking again; None where that would not help."""
        if self.status not in _PASSING and not self._is_limit:
            return None
        if self.wait.isdecimal():
            return min(float(self.wait), _LONGEST_WAIT)
        if self.anew is not None:
            left = max(self.anew - time.time(), 0.0)
            return left if left <= _LONGEST_WAIT else None
        return _LONGEST_WAIT if self._is_limit else float(2**attempt)

    @property
    def _is_limit(self) -> bool:
        """Whether a 403 is a rate limit and no want of permission."""
        said = self.wait or self.anew is not None or "rate limit" in self.reason.lower()
        return self.status == _FORBIDDEN and bool(said)

    @property
    def hint(self) -> str:
        """What stands in the way, where it is no want of permission."""
        if self.anew is not None:
            clock = datetime.fromtimestamp(self.anew, UTC)
            return f"its rate limit is used up until {clock:%H:%M} UTC"
        return "try again later" if self._is_limit else ""


def _anew(headers: Mapping[str, str]) -> float | None:
    """When a rate limit begins anew; None where it is not used up."""
    for name in ("x-ratelimit", "ratelimit"):
        reset = headers.get(f"{name}-reset", "")
        if headers.get(f"{name}-remaining") == "0" and reset.isdecimal():
            return min(float(reset), _LAST_TIME)
    return None


def _reason(error: HTTPError) -> str:
    """What the host says, where it says it in JSON."""
    try:
        told = json.loads(error.read(10_000))
    except (OSError, ValueError):
        return ""
    if not isinstance(told, dict):
        return ""
    said = [told.get(name) for name in ("message", "error_description", "error")]
    errors = told.get("errors")
    more = [
        entry.get("message") if isinstance(entry, dict) else entry
        for entry in (errors if isinstance(errors, list) else ())
    ]
    words = [next(filter(None, said), ""), *more]
    return visible(": ".join(f"{word}" for word in words if word))[:_LONGEST_REASON]
