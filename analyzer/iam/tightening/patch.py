"""Proposals written into the template: a unified diff that keeps comments and layout.

What cannot be written there is told, and has a snippet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.iam.tightening.managed_policy import replaced_policies
from analyzer.iam.tightening.proposals import StatementTightening, Tightening
from analyzer.iam.tightening.statement_edits import StatementEdits
from analyzer.model import Props
from analyzer.template import Source
from analyzer.template.editing import UnfitError
from analyzer.template.editing.template_file import Edit, TemplateFile, TemplateFiles


@dataclass(frozen=True, slots=True)
class Patch:
    """A unified diff, one file after the other, and what could not be written into it."""

    diff: str
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Writing:
    """The edits by file while they are collected, and what could not be written."""

    files: TemplateFiles
    edits: dict[str, tuple[TemplateFile, list[Edit]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, file: TemplateFile, edits: list[Edit]) -> None:
        self.edits.setdefault(file.path, (file, []))[1].extend(edits)

    def patch(self) -> Patch:
        diffs = []
        for name, (file, edits) in self.edits.items():
            try:
                diffs.append(file.diff(edits))
            except UnfitError as unfit:
                self.notes.append(f"{name}: {unfit}")
        return Patch("".join(diffs), tuple(dict.fromkeys(self.notes)))


def patch(tightening: Tightening, sources: Mapping[str, Source] | None = None) -> Patch:
    """The proposals as a diff of the templates; `sources` by file are not read again."""
    writing = _Writing(TemplateFiles(sources or {}))
    managed: dict[str, list[StatementTightening]] = {}
    for one in tightening.statements:
        if one.document.arn:
            managed.setdefault(one.document.arn, []).append(one)
        elif one.changes:
            try:
                writing.add(*_statement(one, writing.files))
            except UnfitError as unfit:
                writing.notes.append(f"{one.label}: {unfit}")
    replaced = {arn: many for arn, many in managed.items() if any(one.changes for one in many)}
    if replaced:
        try:
            writing.add(*replaced_policies(tightening.identity, replaced, writing.files))
        except UnfitError as unfit:
            names = ", ".join(many[0].document.name for many in replaced.values())
            writing.notes.append(f"{names}: {unfit}")
    return writing.patch()


def _statement(one: StatementTightening, files: TemplateFiles) -> tuple[TemplateFile, list[Edit]]:
    """The edits of one statement, in its file."""
    if not isinstance(one.document.value, Props):
        raise UnfitError("the policy is written as text")
    circular = dict.fromkeys(name for part in one.parts for name in part.circular)
    if circular:
        named = ", ".join(f"`{name}`" for name in circular)
        raise UnfitError(
            f"{named} refers to `{one.document.owner.id}` itself; to name it without a circular "
            "dependency, write the statement into an AWS::IAM::Policy of its own"
        )
    file, mark = files.at(one.document.value.resource.locate(one.statement.at))
    return file, StatementEdits(one, file, mark).edits()
