"""`assay iam tighten`: the smallest policy for a role that its stack speaks for."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import completing, options
from analyzer.cli.accounts import CONNECTION, means_options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.writing import emit
from analyzer.errors import UsageError
from analyzer.escape import visible_diff
from analyzer.inputs import error_of
from analyzer.output.grouping import counted
from analyzer.secrets import masked_diff

if TYPE_CHECKING:
    from analyzer.account.last_accessed import LastAccessed
    from analyzer.account.scan import Means
    from analyzer.assembly import Assembled
    from analyzer.iam import Request
    from analyzer.iam.tightening import (
        ActionNote,
        Patch,
        Proposal,
        StatementTightening,
        Tightening,
    )
    from analyzer.model import Resource
    from analyzer.system import System

_WIDTH = 100  # columns of the text


@dataclass(frozen=True, slots=True)
class _Result:
    """What is shown: `used` is what the account told, where it was asked."""

    tightening: Tightening
    patch: Patch
    snippet: str
    used: LastAccessed | None


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--role",
    required=True,
    metavar="ID",
    help="The logical id of a role, user, group or policy; STACK/ID where several have it.",
)
@click.option(
    "--profile",
    default="",
    metavar="NAME",
    shell_complete=completing.profiles,
    help="Of an architecture. [default: the first]",
)
@click.option(
    "--deployed-as",
    "arn",
    default="",
    metavar="ARN",
    help="Ask the account which services this identity used last, and drop those it never did.",
)
@options.DEPLOYMENT
@CONNECTION
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json", "diff"]),
    default="text",
    show_default=True,
    help="How to show the answer.",
)
def command(
    *,
    path: Path,
    role: str,
    profile: str,
    arn: str,
    parameter_files: Sequence[Path],
    assignments: Mapping[str, str],
    region: str,
    account: str,
    format_: str,
    **asked: Any,
) -> int:
    """Propose smaller policies for a role, from what its stack defines and refers to.

    Each proposal allows nothing that was not allowed before, which is proved, and comes with a
    request that it takes away. Which actions are used is not seen in a template: read it first.
    """
    from analyzer.iam.service_reference import service_reference
    from analyzer.iam.tightening import patch, snippet, tighten

    inputs = options.inputs_of([path], region, account, parameter_files, assignments)
    for problem in inputs.problems:
        raise error_of(problem)
    options.check_profiles(inputs, [profile] if profile else [])
    assembled, identity = _identity(inputs.systems, profile, role)
    used = _used(means_options(asked), arn) if arn else None
    services = used.services if used is not None and used.failure is None else None
    tightening = tighten(identity, service_reference(), services)
    sources = {stack.source.path: stack.source for stack in assembled.stacks.values()}
    made = patch(tightening, sources)
    made = replace(made, diff=masked_diff(made.diff, assembled.secrets))
    _show(_Result(tightening, made, snippet(tightening), used), format_)
    if used is not None and used.failure is not None:
        click.echo(f"assay: when services were used last is not known: {used.failure}", err=True)
        return INCOMPLETE
    return COMPLIANT


def _show(result: _Result, format_: str) -> None:
    if format_ == "json":
        emit(json.dumps(_plain(result), indent=1))
    elif format_ == "text":
        emit("\n".join(_lines(result)))
    else:
        if result.patch.diff:
            emit(visible_diff(result.patch.diff))
        else:
            click.echo("assay: there is nothing to change in the template", err=True)
        for note in result.patch.notes:
            click.echo(f"assay: not in the diff: {note}", err=True)


def _identity(systems: Sequence[System], profile: str, role: str) -> tuple[Assembled, Resource]:
    """The resource that is meant, in the first profile that has it."""
    from analyzer.assembly import assemble
    from analyzer.iam.tightening import TIGHTENED

    known: dict[str, None] = {}
    for system in systems:
        for chosen in system.profiles:
            if profile and chosen.name != profile:
                continue
            assembled = assemble(system, chosen, {})
            all_ = [r for r in assembled.inventory if r.type in TIGHTENED]
            found = [r for r in all_ if role in (r.id, r.key)]
            if len(found) > 1:
                keys = " or ".join(resource.key for resource in found)
                raise UsageError(f"several stacks have '{role}'", hint=f"name {keys}")
            if found:
                return assembled, found[0]
            known.update(dict.fromkeys(resource.id for resource in all_))
    options.check_known("role, user, group or policy", [role], known or {"none in what was read"})
    raise UsageError(f"there is no role '{role}'")


def _used(means: Means, arn: str) -> LastAccessed:
    from analyzer.account.last_accessed import last_accessed
    from analyzer.account.limits import Limiter
    from analyzer.account.sessions import Account, Clients

    with closing(Clients(Account("current"), means.connection, Limiter(means.rates))) as clients:
        return last_accessed(clients, arn)


def _plain(result: _Result) -> dict[str, Any]:
    """The result as JSON has it."""
    tightening, example = result.tightening, result.tightening.takes_away
    return {
        "role": tightening.identity.key,
        "proposals": [_plain_proposal(one, part) for one, part in tightening.proposals],
        "kept": _plain_notes(tightening.kept),
        "not_narrowed": _plain_notes(tightening.not_narrowed),
        "dropped": _plain_notes(tightening.dropped),
        "takes_away": None if example is None else _plain_request(example),
        "proof": {
            "allows_more": tightening.proof.verdict,
            "hangs_on": list(tightening.proof.hangs_on),
        },
        "note": tightening.note,
        "last_accessed": None if result.used is None else _plain_usage(result.used),
        "diff": result.patch.diff,
        "not_in_the_diff": list(result.patch.notes),
        "snippet": result.snippet,
    }


def _plain_proposal(one: StatementTightening, part: Proposal) -> dict[str, Any]:
    return {
        "statement": one.label,
        "actions": list(part.actions),
        "resources": list(part.resources),
        "confidence": part.confidence,
        "why": part.why,
        "passed_to": list(part.passed_to),
        "circular": list(part.circular),
    }


def _plain_request(request: Request) -> dict[str, Any]:
    context = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in request.context.items()
    }
    return {"action": request.action, "resource": request.resource, "context": context}


def _plain_notes(notes: Iterable[ActionNote]) -> list[dict[str, Any]]:
    return [{"actions": list(note.actions), "reason": note.reason} for note in notes]


def _plain_usage(used: LastAccessed) -> dict[str, Any]:
    def told(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "made": told(used.made),
        "failure": f"{used.failure}" if used.failure else None,
        "services": {name: told(day) for name, day in used.services.items()},
    }


def _lines(result: _Result) -> Iterator[str]:
    """The result as a person reads it."""
    tightening = result.tightening
    changed = [one for one in tightening.statements if one.changes]
    yield _headline(tightening, len(changed))
    if result.used is not None and result.used.made is not None:
        yield f"When services were used last is what the account told on {result.used.made}."
    for one in changed:
        yield ""
        yield from _statement_lines(one)
    if staying := list(_staying_lines(tightening)):
        yield ""
        yield "Left as they are"
        yield from staying
    if changed:
        yield ""
        yield from _closing_lines(result, changed)


def _headline(tightening: Tightening, changed: int) -> str:
    name, count = tightening.identity.id, len(tightening.statements)
    if changed:
        return f"{name}: {changed} of {_counted(count, 'can be', 'can be')} smaller"
    return f"{name}: nothing smaller is proposed for its {counted(count, 'statement')}"


def _statement_lines(one: StatementTightening) -> Iterator[str]:
    """What takes the place of a statement, and why the rest of it stays."""
    notes = (*one.kept, *one.not_narrowed)
    yield one.label
    for part in one.parts:
        if part.confidence:
            yield _wrapped(", ".join(part.actions), 2)
            yield from (f"    on {text}" for text in part.resources)
            if part.passed_to:
                yield f"    where iam:PassedToService is {' or '.join(part.passed_to)}"
            yield _wrapped(f"{part.confidence}: {part.why}", 4)
            told = (note.reason for note in notes if set(note.actions) & set(part.actions))
            yield from (_wrapped(reason, 4) for reason in told)
        else:
            yield from _as_before(part, notes)
    for note in one.dropped:
        yield _wrapped(", ".join(note.actions), 2)
        yield _wrapped(f"dropped: {note.reason}", 4)


def _as_before(part: Proposal, notes: Sequence[ActionNote]) -> Iterator[str]:
    """The actions of a part that stays as wide, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for action in part.actions:
        reason = next((note.reason for note in notes if action in note.actions), "")
        by_reason.setdefault(reason, []).append(action)
    for reason, actions in by_reason.items():
        yield _wrapped(", ".join(actions), 2)
        yield from (f"    on {text}" for text in part.resources)
        yield _wrapped(f"as before: {reason}" if reason else "as before", 4)


def _staying_lines(tightening: Tightening) -> Iterator[str]:
    """What is said of the statements for which nothing is proposed."""
    denying = precise = 0
    for one in tightening.statements:
        notes = () if one.changes else (*one.not_narrowed, *one.kept)
        for note in notes:
            if note.actions == (one.document.name,):
                yield _wrapped(f"{one.document.name}: {note.reason}", 2)
            else:
                yield _wrapped(f"{one.label}: {note.reason}", 2)
                yield _wrapped(", ".join(note.actions), 4)
        # Of an AWS managed policy that stays, one note says it all.
        if not notes and not one.changes and not one.document.arn:
            denying += not one.statement.allows
            precise += one.statement.allows
    for note in tightening.unread:
        yield _wrapped(f"{', '.join(note.actions)}: {note.reason}", 2)
    if precise:
        yield f"  {_counted(precise, 'that names no', 'that name no')} resource with a wildcard"
    if denying:
        yield f"  {_counted(denying, 'that denies', 'that deny')}"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} statement {one}" if count == 1 else f"{count} statements {several}"


def _closing_lines(result: _Result, changed: Sequence[StatementTightening]) -> Iterator[str]:
    """What was proved, what is taken away, and what to do with it."""
    tightening = result.tightening
    if tightening.proof.verdict == "no":
        yield "Proved: nothing is allowed that was not allowed before."
    else:
        hangs_on = ", ".join(tightening.proof.hangs_on)
        yield f"Whether nothing is allowed that was not allowed before hangs on {hangs_on}."
    if tightening.takes_away:
        yield f"Takes away, for example: {tightening.takes_away}"
    if tightening.note:
        yield f"But {tightening.note}."
    if any(one.document.arn for one in changed):
        yield "The copy of an AWS managed policy does not follow what AWS changes in it."
    yield from (f"Not in the diff: {note}" for note in result.patch.notes)
    if result.patch.diff:
        yield "--format diff gives the change of the template."


def _wrapped(text: str, indent: int) -> str:
    pad = " " * indent
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=pad,
        subsequent_indent=f"{pad}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
