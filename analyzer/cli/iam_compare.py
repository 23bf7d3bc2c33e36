"""`assay iam compare`: does the new policy allow what the old one did not?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE, VIOLATIONS
from analyzer.cli.writing import emit

if TYPE_CHECKING:
    from analyzer.iam import Comparison, Grant

    # A grant is read when it is compared: what is not known is a choice then.
    _Read = Callable[[], Grant]

_CODES = {"no": COMPLIANT, "maybe": INCOMPLETE, "yes": VIOLATIONS}


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two grants that are compared: of two policies, or of one role before and after."""

    name: str
    old_allows_more: Comparison
    new_allows_more: Comparison


@click.command()
@click.argument("old")
@click.argument("new")
@options.KIND
@options.PROFILE
@options.FORMAT
def command(*, old: str, new: str, kind: str | None, profiles: Sequence[str], format_: str) -> int:
    """Compare two policies, request by request: what does NEW allow that OLD does not?

    OLD and NEW are policies (JSON or YAML), or templates, architectures or snapshots: of these
    FILE#ID means one resource, and without an ID every role, user, group and policy is compared
    with the one of the same name; one that is new is compared with nothing. Ends with 0 where there
    is no new access, 1 where there is, 3 where that hangs on something.
    """
    pairs = list(_pairs(old, new, kind or "", profiles))
    if format_ == "json":
        plain = [_plain(pair) for pair in pairs]
        emit(json.dumps(plain[0] if len(pairs) == 1 else plain, indent=1))
    else:
        emit("\n".join(line for pair in pairs for line in _lines(pair)))
    verdicts = [pair.new_allows_more.verdict for pair in pairs]
    worst = next((one for one in ("yes", "maybe") if one in verdicts), "no")
    return _CODES[worst]


def _pairs(old: str, new: str, kind: str, profiles: Sequence[str]) -> Iterator[_Pair]:
    before, after = _grants(old, kind, profiles), _grants(new, kind, profiles)
    if len(before) == len(after) == 1:
        ((_, one),), ((name, other),) = before.items(), after.items()
        yield _compared(name, one, other)
        return
    for name, other in after.items():
        yield _compared(name, before.get(name), other)


def _grants(path: str, kind: str, profiles: Sequence[str]) -> dict[str, _Read]:
    from analyzer.cli.inventories import inventories
    from analyzer.cli.policies import dossier_in, grant_in, kind_of, resource_in
    from analyzer.iam.holders import IDENTITIES, POLICIES

    file, _, name = path.partition("#")
    dossier = None if name else dossier_in(Path(file), kind)
    if dossier is not None:
        return {file: lambda: dossier.grant}
    if name:
        _, resource = resource_in(Path(file), name, profiles)
        return {resource.key.lstrip("/"): partial(grant_in, resource, kind_of(resource, kind))}
    found: dict[str, _Read] = {}
    every = list(inventories(Path(file), profiles))
    for named in every:
        place = named.name.removeprefix(f"{Path(file)}").lstrip("/") if len(every) > 1 else ""
        resources = list(named.inventory.declared(*IDENTITIES, *POLICIES))
        ids = Counter(resource.id for resource in resources)
        for resource in resources:
            label = resource.id if ids[resource.id] == 1 else resource.key
            found[f"{place} {label}".strip()] = partial(grant_in, resource, "identity")
    return found


def _compared(name: str, old: _Read | None, new: _Read) -> _Pair:
    from analyzer.iam import Grant, allows_more, in_every_case, service_reference

    def one_way(a: _Read | None, b: _Read | None) -> Comparison:
        nothing = Grant(((),))
        return in_every_case(
            lambda: allows_more(a() if a else nothing, b() if b else nothing, service_reference())
        )

    return _Pair(name, one_way(old, new), one_way(new, old))


def _plain(pair: _Pair) -> dict[str, Any]:
    ways = {
        "a_allows_more_than_b": pair.old_allows_more,
        "b_allows_more_than_a": pair.new_allows_more,
    }
    return {
        "of": pair.name,
        **{key: way.verdict for key, way in ways.items()},
        "examples": {key: _request(way) for key, way in ways.items() if way.example},
        "hangs_on": {key: list(way.hangs_on) for key, way in ways.items() if way.hangs_on},
    }


def _request(way: Comparison) -> dict[str, Any]:
    request = way.example
    if request is None:
        return {}
    told = {"action": request.action, "resource": request.resource}
    if request.principal:
        told["principal"] = request.principal
    return {**told, "context": dict(request.context)}


def _lines(pair: _Pair) -> Iterator[str]:
    words = {
        "yes": "allows what the old one did not",
        "maybe": "may allow what the old one did not",
        "no": "no new access",
    }
    yield f"{pair.name}: {words[pair.new_allows_more.verdict]}"
    if pair.new_allows_more.example:
        yield f"  for example {pair.new_allows_more.example}"
    for reason in pair.new_allows_more.hangs_on:
        yield f"  hangs on {reason}"
    if pair.old_allows_more.verdict == "yes":
        yield f"  no longer allowed: {pair.old_allows_more.example}"
