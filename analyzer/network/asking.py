"""Whether something can be reached: the question, its answer, and how the answer is folded."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from analyzer.network.paths import Hop, Path
from analyzer.network.spans import Doubt


class Verdict(enum.StrEnum):
    """Whether a new connection can be opened."""

    REACHABLE = "REACHABLE"
    EXPOSED = "EXPOSED-BUT-UNREACHABLE"
    CLOSED = "CLOSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reachability:
    """The answer to one question.

    - `paths`: the ways that let enough through (or may), the best first;
    - `admitted`: who gets through, as CIDR blocks; where UNKNOWN, who surely does;
    - `blocked_by`: what stops it, of the way that comes nearest;
    - `depends_on`: what would tell more, where UNKNOWN;
    - `stepping_stones`: members of admitted groups that can be reached themselves;
    - `identity_ways`: ways in that ask who one is, and are no network path.
    """

    verdict: Verdict
    paths: tuple[Path, ...] = ()
    admitted: tuple[str, ...] = ()
    blocked_by: Hop | None = None
    depends_on: tuple[Doubt, ...] = ()
    stepping_stones: tuple[str, ...] = ()
    identity_ways: tuple[Hop, ...] = ()

    @property
    def is_exposed(self) -> bool:
        """Whether the groups let the source in, and something else stops it."""
        return self.verdict is Verdict.EXPOSED

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops of the best path."""
        return self.paths[0].hops if self.paths else ()

    @property
    def path(self) -> list[str]:
        """The names along the best path."""
        return [hop.name for hop in self.hops]
