"""What is not set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Absent:
    """The value of a property that is not set and for which AWS has no default: always falsy."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __contains__(self, item: object) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise AttributeError(name)
        return self

    def follow(self, *names: str) -> Any:
        """Nothing leads nowhere."""
        return self

    def __repr__(self) -> str:
        return "ABSENT"

    def __format__(self, spec: str) -> str:
        return "absent"


ABSENT = Absent()
