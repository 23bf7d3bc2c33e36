"""What a change mends and what it makes, told from the findings before and after it."""

from __future__ import annotations

import pytest

from analyzer.findings import Finding, Severity, Verdict
from analyzer.planning.trouble import Counting, State, made, mended, state_of


def state(*said: str, at: str = "A") -> State:
    """Findings of one rule about one resource, at one place after the other."""
    return state_of(
        (
            Finding("TEST-01", Verdict(verdict), Severity.LOW, "test", "Thing", "", at=f"{at}{n}")
            for n, verdict in enumerate(said)
        ),
        Counting(),
    )


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        (state("FAIL"), state("PASS"), 1, 0),
        (state("FAIL"), state("FAIL", at="B"), 0, 0),
        (state("FAIL", "FAIL"), state("FAIL", at="B"), 1, 0),
        (state("FAIL"), state("UNKNOWN"), 0, 0),
        (state("PASS"), state("FAIL"), 0, 1),
        (state("PASS"), state("UNKNOWN"), 0, 1),
        (state("UNKNOWN"), state("FAIL"), 0, 1),
        (state("UNKNOWN"), state("PASS"), 0, 0),
    ],
)
def test_a_change_mends_and_makes(before: State, after: State, gone: int, come: int) -> None:
    assert (len(mended(before, after)), len(made(before, after))) == (gone, come)
