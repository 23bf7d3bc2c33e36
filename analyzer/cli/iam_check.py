"""`assay iam check`: every question about one policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE, VIOLATIONS
from analyzer.cli.writing import emit
from analyzer.errors import UsageError
from analyzer.output.grouping import counted

_BAD = {
    "admin": ("full", "effective"),
    "escalation": ("yes",),
    "public": ("yes",),
    "confused_deputy": ("yes",),
}
_SOFT = {"admin": ("conditional",), "escalation": ("conditional",), "public": ("conditional",)}
_SHOWN = 12  # ways that text output spells out


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "name",
    default="",
    metavar="ID|ARN",
    help="Whose policy it is, where the path is a template, an architecture or a snapshot.",
)
@options.KIND
@options.PROFILE
@options.FORMAT
def command(
    *, path: Path, name: str, kind: str | None, profiles: Sequence[str], format_: str
) -> int:
    """Ask every question about a policy: administrator, escalation, exfiltration, public, ...

    PATH is a policy (JSON or YAML), a policy with `boundary`, `scp`, `also_attached` and `world`
    beside it, or a template, an architecture or a snapshot, with --policy. Ends with 1 for an
    administrator, an open escalation, a public policy or a confused deputy; with 3 where that
    hangs on a condition, on what is not in the inventory, or on what is not known.
    """
    from analyzer.cli.policies import answers_about, dossier_in, folded, kind_of, resource_in
    from analyzer.exploration import cases_of

    dossier = dossier_in(path, kind or "")
    if dossier is not None and name:
        raise UsageError(f"'{path}' is a policy itself", hint="leave --policy away")
    if dossier is not None:
        answers = folded(cases_of(dossier.answers))
        told: dict[str, str] = {"kind": dossier.kind}
    elif not name:
        raise UsageError(f"'{path}' is no policy", hint="name one of its resources with --policy")
    else:
        named, resource = resource_in(path, name, profiles)
        chosen = kind_of(resource, kind or "")
        answers = folded(cases_of(lambda: answers_about(resource, chosen)))
        told = {"of": resource.key.lstrip("/"), "in": named.name, "kind": chosen}
    if format_ == "json":
        emit(json.dumps({**told, **answers}, indent=1))
    else:
        emit("\n".join(_lines(told, answers)))
    return _exit_code(answers)


def _exit_code(answers: Mapping[str, Any]) -> int:
    if any(answers.get(key) in bad for key, bad in _BAD.items()):
        return VIOLATIONS
    soft = any(answers.get(key) in bad for key, bad in _SOFT.items())
    return INCOMPLETE if soft or answers["depends_on"] or answers.get("missing") else COMPLIANT


def _lines(told: Mapping[str, str], answers: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(f"{key} {value}" for key, value in told.items())
    for key, value in answers.items():
        if key not in ("paths", "ways", "examples") and value not in ([], ""):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            yield f"  {key.replace('_', ' '):22}{shown}"
    examples, ways = answers.get("examples"), answers.get("ways")
    for question, example in examples.items() if isinstance(examples, dict) else ():
        yield f"  {'for example':22}{question.replace('_', ' ')}: {example}"
    yield from _ways(ways if isinstance(ways, list) else [])


def _ways(ways: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for way in ways[:_SHOWN]:
        hangs_on = f" - hangs on {'; '.join(way['hangs_on'])}" if way["hangs_on"] else ""
        yield f"  {way['id']:22}{way['name']}: {' + '.join(way['actions'])}{hangs_on}"
    if len(ways) > _SHOWN:
        yield f"  and {counted(len(ways) - _SHOWN, 'more way')} (--format json)"
