"""One answer about reachability, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.network import Hop, Reachability, Verdict
from analyzer.output.grouping import few
from analyzer.output.text_blocks import BLANK, Block, line, span

_STYLES = {
    Verdict.REACHABLE: "fail",
    Verdict.EXPOSED: "medium",
    Verdict.CLOSED: "pass",
    Verdict.UNKNOWN: "unknown",
}
_WORDS = {
    Verdict.REACHABLE: "{} can connect to {} on {}",
    Verdict.EXPOSED: "security groups let {} connect to {} on {}, and something else stops it",
    Verdict.CLOSED: "{} cannot connect to {} on {}",
    Verdict.UNKNOWN: "{} can perhaps connect to {} on {}",
}
_SHOWN = 6  # blocks that a line spells out


def plain(answer: Reachability) -> dict[str, Any]:
    """The answer as JSON: always these keys."""
    shown = answer.verdict in (Verdict.REACHABLE, Verdict.UNKNOWN)
    hops = answer.hops if shown else ()
    return {
        "verdict": answer.verdict.value,
        "path": [hop.name for hop in hops],
        "hops": [_hop(hop) for hop in hops],
        "blocked_by": _hop(answer.blocked_by) if answer.blocked_by else None,
        "depends_on": [f"{doubt}" for doubt in answer.depends_on],
        "admitted": list(answer.admitted),
        "stepping_stones": list(answer.stepping_stones),
        "identity_ways": [_hop(hop) for hop in answer.identity_ways],
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "kind": hop.kind,
        "name": hop.name,
        "note": hop.note,
        "file": hop.place.file if hop.place else "",
        "line": hop.place.line if hop.place else 0,
    }


def blocks(answer: Reachability, source: str, target: str, flow: str) -> Iterator[Block]:
    """The answer, the path or the obstacle, and what is told beside it."""
    verdict = answer.verdict
    sentence = _WORDS[verdict].format(source, target, flow)
    yield line(span(verdict.value, _STYLES[verdict]), sentence)
    if verdict in (Verdict.REACHABLE, Verdict.UNKNOWN) and answer.hops:
        yield BLANK
        for position, hop in enumerate(answer.hops):
            yield _line(hop, ">" if position else " ")
    if answer.blocked_by:
        yield BLANK
        yield line("stopped by")
        yield _line(answer.blocked_by, "x")
    yield from _listed("hangs on", [f"{doubt}" for doubt in answer.depends_on])
    yield from _admitted(answer)
    yield from _listed("stepping stones, which can be reached themselves", answer.stepping_stones)
    ways = [f"{hop.name}: {hop.note} ({hop.kind})" for hop in answer.identity_ways]
    yield from _listed("ways in that ask who one is", ways)


def _line(hop: Hop, mark: str) -> Block:
    place = f"[{hop.place}]" if hop.place else ""
    kind = "" if hop.kind in ("source", "target") else hop.kind
    words = ", ".join(filter(None, (kind, hop.note)))
    return line(mark, span(hop.name, "heading"), words, span(place, "group"), indent=2)


def _listed(title: str, items: Any) -> Iterator[Block]:
    if items:
        yield BLANK
        yield line(title)
        for item in items:
            yield line(f"- {item}", indent=2)


def _admitted(answer: Reachability) -> Iterator[Block]:
    if answer.admitted:
        yield BLANK
        yield line(f"gets through: {few(answer.admitted, _SHOWN)}")
