"""An AWS managed policy taken off, and its statements written as an inline policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from yaml.nodes import MappingNode, Node, SequenceNode

from analyzer.iam.tightening.notation import STEP
from analyzer.iam.tightening.proposals import Proposal, ProposedResource, StatementTightening
from analyzer.iam.tightening.snippet import statement_lines
from analyzer.model import Resource
from analyzer.template.editing import UnfitError
from analyzer.template.editing.template_file import (
    Edit,
    Mark,
    TemplateFile,
    TemplateFiles,
    end_of,
)

_NOT_IN_LINES = "the list of policies cannot be changed in place: paste the statements"
_CONDITIONAL = "the attached policies hang on conditions: paste the statements"
_INLINE_NOT_IN_LINES = "its policies are not written in lines: paste the statements"
_OTHER_KINDS = "it has statements of other kinds: paste those that change"
_Replaced = Mapping[str, Sequence[StatementTightening]]


def replaced_policies(
    identity: Resource, replaced: _Replaced, files: TemplateFiles
) -> tuple[TemplateFile, list[Edit]]:
    """The edits that put inline policies in place of AWS managed ones, which are by ARN.

    Raises `UnfitError`.
    """
    told = [one for many in replaced.values() for one in many]
    circular = [name for one in told for part in one.parts for name in part.circular]
    if circular:
        raise UnfitError(f"`{circular[0]}` refers to `{identity.id}` itself")
    if not all(_is_simple(one) for one in told):
        raise UnfitError(_OTHER_KINDS)
    file, mark = files.at(identity.locate(("ManagedPolicyArns",)))
    key, attached, properties = _attached(file, mark)
    stated = identity.properties["ManagedPolicyArns"]
    gone = [i for i, arn in enumerate(stated) if isinstance(arn, str) and arn in replaced]
    if len(attached.value) > len(stated) or not gone:
        raise UnfitError(_CONDITIONAL)
    added = _inline_policies(file, key, properties, replaced)
    return file, [*_taken_off(file, key, attached, gone), added]


def _is_simple(one: StatementTightening) -> bool:
    statement = one.statement
    return statement.allows and not statement.not_actions and not statement.not_resources


def _attached(file: TemplateFile, mark: Mark) -> tuple[Node, SequenceNode, MappingNode]:
    """The key ManagedPolicyArns, its list, and the properties around it."""
    found = file.entries.get(mark)
    if found is None or found[0].value != "ManagedPolicyArns" or file.is_json:
        raise UnfitError(_NOT_IN_LINES)
    key, attached, properties = found
    if not isinstance(attached, SequenceNode) or properties.flow_style:
        raise UnfitError(_NOT_IN_LINES)
    return key, attached, properties


def _taken_off(
    file: TemplateFile, key: Node, attached: SequenceNode, gone: Sequence[int]
) -> Iterator[Edit]:
    if len(gone) == len(attached.value):
        yield file.without_lines(key, attached)
    elif attached.flow_style:
        left = [file.slice(node) for i, node in enumerate(attached.value) if i not in gone]
        yield (attached.start_mark.index, end_of(attached), f"[{', '.join(left)}]")
    else:
        yield from (file.without_lines(attached.value[index]) for index in gone)


def _inline_policies(
    file: TemplateFile, key: Node, properties: MappingNode, replaced: _Replaced
) -> Edit:
    """The inline policies after those that there are, or before the attached ones."""
    policies = next((value for name, value in properties.value if name.value == "Policies"), None)
    if policies is not None and (not isinstance(policies, SequenceNode) or policies.flow_style):
        raise UnfitError(_INLINE_NOT_IN_LINES)
    column = key.start_mark.column
    indent = policies.start_mark.column if policies is not None else column + STEP
    lines = [" " * indent + line for many in replaced.values() for line in _policy_lines(many)]
    if policies is not None:
        at = file.line_end(end_of(policies))
        return (at, at, "".join(file.newline + line for line in lines))
    at = file.line_start(key.start_mark.index)
    return (at, at, "".join(line + file.newline for line in [" " * column + "Policies:", *lines]))


def _policy_lines(told: Sequence[StatementTightening]) -> Iterator[str]:
    yield f"- PolicyName: {told[0].document.name}"
    yield "  PolicyDocument:"
    yield '    Version: "2012-10-17"'
    yield "    Statement:"
    for one in told:
        whole = one if one.changes else replace(one, parts=(_as_it_is(one),))
        yield from (f"      {line}" for line in statement_lines(whole))


def _as_it_is(one: StatementTightening) -> Proposal:
    actions = tuple(f"{action}" for action in one.statement.actions)
    named = tuple(
        ProposedResource(f"{value}", value, position)
        for position, value in enumerate(one.statement.resources)
    )
    return Proposal(actions, named)
