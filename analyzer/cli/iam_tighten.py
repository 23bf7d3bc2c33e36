"""`assay iam tighten`: the smallest policy for a role that its stack speaks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import options
from analyzer.cli.accounts import CONNECTION, means_options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.writing import emit
from analyzer.errors import InputError, UsageError

if TYPE_CHECKING:
    from analyzer.account.last_accessed import LastAccessed
    from analyzer.account.scan import Means
    from analyzer.assembly import Assembled
    from analyzer.iam.tightening import ActionNote, Patch, StatementTightening, Tightening
    from analyzer.model import Resource


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--role",
    required=True,
    metavar="ID",
    help="The logical id of a role, user, group or policy; STACK/ID where several have it.",
)
@click.option(
    "--profile", default="", metavar="NAME", help="Of an architecture. [default: the first]"
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
        raise InputError(problem.message, file=problem.file, line=problem.line, hint=problem.hint)
    options.check_profiles(inputs, [profile] if profile else [])
    assembled, identity = _identity(inputs.systems, profile, role)
    used = _used(means_options(asked), arn) if arn else None
    services = used.services if used is not None and used.failure is None else None
    tightening = tighten(identity, service_reference(), services)
    sources = {stack.source.path: stack.source for stack in assembled.stacks.values()}
    made = patch(tightening, sources)
    if format_ == "diff":
        emit(made.diff)
        for note in made.notes:
            click.echo(f"assay: not in the diff: {note}", err=True)
    elif format_ == "json":
        emit(json.dumps(_plain(tightening, made, snippet(tightening), used), indent=1))
    else:
        emit("\n".join(_lines(tightening, made, used)))
    if used is not None and used.failure is not None:
        click.echo(f"assay: when services were used last is not known: {used.failure}", err=True)
        return INCOMPLETE
    return COMPLIANT


def _identity(systems: Sequence[Any], profile: str, role: str) -> tuple[Assembled, Resource]:
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


def _plain(
    tightening: Tightening, made: Patch, pasted: str, used: LastAccessed | None
) -> dict[str, Any]:
    """The result as JSON has it."""
    example = tightening.takes_away
    return {
        "role": tightening.identity.key,
        "proposals": [
            {
                "statement": one.label,
                "actions": list(part.actions),
                "resources": list(part.resources),
                "confidence": part.confidence,
                "why": part.why,
                "passed_to": list(part.passed_to),
                "circular": list(part.circular),
            }
            for one, part in tightening.proposals
        ],
        "kept": [_held(held) for held in tightening.kept],
        "not_narrowed": [_held(held) for held in tightening.not_narrowed],
        "dropped": [_held(held) for held in tightening.dropped],
        "takes_away": None
        if example is None
        else {
            "action": example.action,
            "resource": example.resource,
            "context": {key: _value(value) for key, value in example.context.items()},
        },
        "proof": {
            "allows_more": tightening.proof.verdict,
            "hangs_on": list(tightening.proof.hangs_on),
        },
        "note": tightening.note,
        "last_accessed": None if used is None else _asked(used),
        "diff": made.diff,
        "not_in_the_diff": list(made.notes),
        "snippet": pasted,
    }


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _held(held: ActionNote) -> dict[str, Any]:
    return {"actions": list(held.actions), "reason": held.reason}


def _asked(used: LastAccessed) -> dict[str, Any]:
    def told(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "made": told(used.made),
        "failure": f"{used.failure}" if used.failure else None,
        "services": {name: told(day) for name, day in used.services.items()},
    }


def _lines(tightening: Tightening, made: Patch, used: LastAccessed | None) -> Iterator[str]:
    """The result as a person reads it."""
    identity = tightening.identity
    changed = [one for one in tightening.statements if one.changes]
    yield f"{identity.id}: {len(changed)} of {len(tightening.statements)} statements can be smaller"
    if used is not None and used.made is not None:
        yield f"Services were used as the account told on {used.made}."
    for one in changed:
        yield ""
        yield from _of_statement(one)
    held = {
        one.label: (*one.not_narrowed, *(() if one.changes else one.kept))
        for one in tightening.statements
        if not one.changes
    }
    if tightening.unread or any(held.values()):
        yield ""
        yield "Left as they are"
    for label, many in held.items():
        yield from (f"  {label}: {_shown(one.actions)}: {one.reason}" for one in many)
    yield from (f"  {_shown(one.actions)}: {one.reason}" for one in tightening.unread)
    if changed:
        yield ""
        proof = tightening.proof
        more = f", unless {', '.join(proof.hangs_on)} say otherwise" if proof.hangs_on else ""
        yield f"Proved: nothing is allowed that was not allowed before{more}."
        if tightening.takes_away:
            yield f"Takes away, for example: {tightening.takes_away}"
        if tightening.note:
            yield f"But {tightening.note}."
        if any(one.document.arn for one in changed):
            yield "A copy of a policy of AWS does not follow what AWS changes in it."
        yield from (f"Not in the diff: {note}" for note in made.notes)
        if made.diff:
            yield "--format diff gives the change of the template."


def _of_statement(one: StatementTightening) -> Iterator[str]:
    yield one.label
    for part in one.parts:
        yield f"  {_shown(part.actions)}"
        yield from (f"    on {text}" for text in part.resources)
        if part.passed_to:
            yield f"    where iam:PassedToService is {' or '.join(part.passed_to)}"
        yield f"    {part.confidence}: {part.why}" if part.confidence else "    as before"
    for held in (*one.kept, *one.not_narrowed, *one.dropped):
        yield f"  {_shown(held.actions)}: {held.reason}"


def _shown(actions: Sequence[str]) -> str:
    return ", ".join(actions)
