"""How fast an account is asked: the scan shares AWS's quotas with the workload."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CALLS_PER_SECOND = 20.0
"""Of one account, region and service, unless `RATES` or the user says otherwise: our own choice, a
fifth of what most read calls are granted or less."""

# Services whose reads come one per resource, and which grant far more: our own choice too.
RATES: Mapping[str, float] = {"s3": 100.0}

_BURST_SECONDS = 1.0


@dataclass
class Bucket:
    """A token bucket: `take` waits until a call may be made."""

    rate: float  # calls per second
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _tokens: float = field(init=False)
    _filled: float = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._tokens = self._burst
        self._filled = self.clock()

    @property
    def _burst(self) -> float:
        return max(1.0, self.rate * _BURST_SECONDS)

    def take(self) -> None:
        """Wait for a token and take it; callers are served in the order in which they came."""
        with self._lock:
            now = self.clock()
            self._tokens = min(self._burst, self._tokens + (now - self._filled) * self.rate)
            self._filled = now
            self._tokens -= 1
            wait = -self._tokens / self.rate
        if wait > 0:
            self.sleep(wait)


class Limiter:
    """One bucket for each account, region and service."""

    def __init__(self, rates: Mapping[str, float] | None = None) -> None:
        """`rates` are calls per second by service; `*` stands for all others."""
        self._rates = {**RATES, **(rates or {})}
        self._default = self._rates.get("*", CALLS_PER_SECOND)
        self._buckets: dict[tuple[str, str, str], Bucket] = {}
        self._lock = threading.Lock()

    def take(self, account: str, region: str, service: str) -> None:
        """Wait until one more call may be made."""
        key = (account, region, service)
        with self._lock:
            if key not in self._buckets:
                self._buckets[key] = Bucket(self._rates.get(service, self._default))
        self._buckets[key].take()
