"""Proposals written into the template: a unified diff that keeps comments and layout.

Only the values that change are replaced, at their place in the text; a statement that is split is
repeated as it stands, with other values. What cannot be written there is told, and has a snippet.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.errors import InputError
from analyzer.iam.statements import Statement
from analyzer.iam.tightening import Tightened, Tightening
from analyzer.iam.tightening_statements import Named, Proposal, shown_text
from analyzer.model import Location, Props, Resource
from analyzer.template import Source, StackContext, read_source, read_stack
from analyzer.template.parse import compose
from analyzer.unknown import Absent

_HOLE = re.compile(r"\$\{([A-Za-z0-9:]+)((?:\.[A-Za-z0-9]+)*)\}")
_ITEM = re.compile(r"[ \t]*-[ \t]+")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9]+\*?")
_COMMENT = re.compile(r"([ \t]+|^[ \t]*)#[^\r\n]*", re.MULTILINE)
_STEP = 2  # columns of one level in what is added
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Patch:
    """A unified diff, one file after the other, and what could not be written into it."""

    diff: str
    notes: tuple[str, ...] = ()


class _UnfitError(Exception):
    """The template is not written in a way that can be changed in place."""


def patch(tightening: Tightening, sources: Mapping[str, Source] | None = None) -> Patch:
    """The proposals as a diff of the templates; `sources` by file are not read again."""
    files: dict[str, _File] = {}
    notes: list[str] = []
    edits: dict[str, list[Edit]] = {}
    replaced: dict[str, list[Tightened]] = {}
    for one in tightening.statements:
        if one.document.arn:
            if any(other.changes for other in tightening.of(one.document)):
                replaced.setdefault(one.document.arn, []).append(one)
        elif one.changes:
            try:
                file, made = _of_statement(one, files, sources or {})
                edits.setdefault(file, []).extend(made)
            except _UnfitError as unfit:
                notes.append(f"{one.label}: {unfit}")
    if replaced:
        try:
            file, made = _of_managed(tightening.identity, replaced, files, sources or {})
            edits.setdefault(file, []).extend(made)
        except _UnfitError as unfit:
            notes.append(f"{', '.join(arn.rpartition('/')[2] for arn in replaced)}: {unfit}")
    diffs = []
    for name, made in edits.items():
        try:
            diffs.append(files[name].diff(made))
        except _UnfitError as unfit:
            notes.append(f"{name}: {unfit}")
    return Patch("".join(diffs), tuple(dict.fromkeys(notes)))


def snippet(tightening: Tightening) -> str:
    """The proposed statements as YAML to paste, by policy."""
    lines: list[str] = []
    name = ""
    for one in tightening.statements:
        if one.changes:
            if one.document.name != name:
                name = one.document.name
                lines.append(f"# {name}")
            lines.extend(_statement_lines(one))
    return "\n".join(lines) + ("\n" if lines else "")


def _statement_lines(one: Tightened) -> Iterator[str]:
    for number, part in enumerate(one.parts):
        yield "- Effect: Allow"
        if one.sid:
            yield f"  Sid: {one.sid}{number + 1 if number else ''}"
        yield from _entry("Action", [_plain(action) for action in part.actions], 2)
        yield from _entry("Resource", [_written(named) for named in part.named], 2)
        if part.passed_to:
            yield from _condition_lines(part.passed_to, 2)
        elif conditions := _plain_conditions(one.statement.conditions):
            yield f"  Condition: {json.dumps(conditions)}"


def _plain_conditions(conditions: Any) -> Any:
    if isinstance(conditions, Mapping):
        return {name: _plain_conditions(conditions[name]) for name in conditions}
    if isinstance(conditions, list | tuple):
        return [_plain_conditions(value) for value in conditions]
    if isinstance(conditions, bool | int | float):
        return conditions
    return {} if isinstance(conditions, Absent) else shown_text(conditions)


def _entry(name: str, values: Sequence[str], indent: int) -> Iterator[str]:
    pad = " " * indent
    if len(values) == 1:
        yield f"{pad}{name}: {values[0]}"
    else:
        yield f"{pad}{name}:"
        yield from (f"{pad}{' ' * _STEP}- {value}" for value in values)


def _condition_lines(services: Sequence[str], indent: int) -> Iterator[str]:
    pad = " " * indent
    yield f"{pad}Condition:"
    yield f"{pad}  StringEquals:"
    yield from _entry("iam:PassedToService", list(services), indent + 4)


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _yaml(text: str) -> str:
    """A resource as YAML writes it: with the shortest function that gives it."""
    match = _HOLE.fullmatch(text)
    if match and not match[2]:
        return f"!Ref {json.dumps(match[1]) if ':' in match[1] else match[1]}"
    if match:
        return f"!GetAtt {match[1]}{match[2]}"
    return f"!Sub {json.dumps(text)}" if "${" in text else json.dumps(text)


def _written(named: Named) -> str:
    """A resource as YAML writes it; what a policy says literally may hold a variable of its own."""
    literal = named.stated is not None and isinstance(named.pattern, str)
    return json.dumps(named.pattern) if literal else _yaml(named.text)


def _json(text: str) -> str:
    match = _HOLE.fullmatch(text)
    if match and not match[2]:
        return json.dumps({"Ref": match[1]})
    if match:
        return json.dumps({"Fn::GetAtt": [match[1], match[2][1:]]})
    return json.dumps({"Fn::Sub": text} if "${" in text else text)


class _File:
    """A template's text with the nodes that stand in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.is_json = self.text.lstrip()[:1] == "{"
        self.root = compose(self.text, source.path)
        self.entries: dict[tuple[int, int], tuple[Node, Node, MappingNode]] = {}
        self.items: dict[tuple[int, int], tuple[Node, SequenceNode]] = {}
        self.parents: dict[int, list[Node]] = {}
        self._walk(self.root)

    def _walk(self, node: Node) -> None:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self.entries[key.start_mark.line, key.start_mark.column] = (key, value, node)
                self._enter(value, node)
        elif isinstance(node, SequenceNode):
            for item in node.value:
                self.items[item.start_mark.line, item.start_mark.column] = (item, node)
                self._enter(item, node)

    def _enter(self, child: Node, parent: Node) -> None:
        above = self.parents.setdefault(id(child), [])
        above.append(parent)
        if len(above) == 1:
            self._walk(child)

    def is_shared(self, node: Node) -> bool:
        """Whether a node stands in several places, by an alias."""
        while above := self.parents.get(id(node)):
            if len(above) > 1:
                return True
            node = above[0]
        return False

    def slice(self, node: Node) -> str:
        """A node as it is written."""
        return self.text[node.start_mark.index : _end(node)]

    def line_start(self, position: int) -> int:
        """Where the line of a position begins."""
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where the line of a position ends, before its break."""
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def comments(self, node: Node) -> Iterator[Edit]:
        """What takes the comments out of a node; those that stand alone with their lines."""
        written = [(n.start_mark.index, _end(n)) for n in _scalars(node)]
        for match in _COMMENT.finditer(self.text, node.start_mark.index, _end(node)):
            sign = match.end(1)
            if not any(start <= sign < end for start, end in written):
                alone = self.line_start(sign) == match.start()
                yield (match.start(), match.end() + alone, "")

    @cached_property
    def newline(self) -> str:
        """How the lines of the file end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def diff(self, edits: Sequence[Edit]) -> str:
        """The edits as a unified diff; they must leave a template that can be read."""
        text = applied(self.text, edits)
        if self.newline != "\n":
            text = text.replace("\r\n", "\n").replace("\n", self.newline)
        name = self.source.path
        context = StackContext(name="stack")
        try:
            read_stack(Source(name, self.text), context)
        except InputError:
            pass  # it needs its parameters: then only its form is looked at
        else:
            self._check(text, context)
        try:
            compose(text, name)
        except InputError as error:
            raise _UnfitError(f"the changed template cannot be read: {error.message}") from None
        lines = difflib.unified_diff(
            _lines(self.text), _lines(text), f"a/{name.lstrip('/')}", f"b/{name.lstrip('/')}"
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )

    def _check(self, text: str, context: StackContext) -> None:
        try:
            read_stack(Source(self.source.path, text), context)
        except InputError as error:
            raise _UnfitError(f"the changed template would not deploy: {error.message}") from None


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text with parts of it replaced."""
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _scalars(node: Node) -> Iterator[Node]:
    if isinstance(node, ScalarNode):
        yield node
    for child in () if isinstance(node, ScalarNode) else node.value:
        for one in child if isinstance(child, tuple) else (child,):
            yield from _scalars(one)


def _end(node: Node) -> int:
    """Where a node ends; a block ends with the last thing in it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _open(place: Location | None, files: dict[str, _File], sources: Mapping[str, Source]) -> _File:
    if place is None or not place.line:
        raise _UnfitError("it is not known where it is written")
    if place.file not in files:
        try:
            source = sources.get(place.file) or read_source(place.file)
            files[place.file] = _File(source)
        except InputError as error:
            raise _UnfitError(f"{error}") from None
    return files[place.file]


def _of_statement(
    one: Tightened, files: dict[str, _File], sources: Mapping[str, Source]
) -> tuple[str, list[Edit]]:
    if not isinstance(one.document.value, Props):
        raise _UnfitError("the policy is written as text")
    circular = dict.fromkeys(name for part in one.parts for name in part.circular)
    if circular:
        named = ", ".join(f"`{name}`" for name in circular)
        raise _UnfitError(
            f"{named} refers to `{one.document.owner.id}` itself; to name it without a circle, "
            "write the statement into an AWS::IAM::Policy of its own"
        )
    place = one.document.value.resource.locate(one.statement.at)
    file = _open(place, files, sources)
    assert place is not None  # noqa: S101 - else it is not open
    return place.file, _Rewriting(one, file, (place.line - 1, place.column - 1)).edits()


class _Rewriting:
    """One statement in its file."""

    def __init__(self, one: Tightened, file: _File, mark: tuple[int, int]) -> None:
        self.one = one
        self.file = file
        node: Node | None = None
        self.parent: Node | None = None
        if mark in file.items:
            node, self.parent = file.items[mark]
        elif mark in file.entries:
            node = file.entries[mark][1]
        if isinstance(node, SequenceNode) and len(node.value) == 1:
            node, self.parent = node.value[0], node
        if not isinstance(node, MappingNode):
            raise _UnfitError("the statement is not written where it applies")
        if file.is_shared(node):
            raise _UnfitError("the statement is used in several places (an alias)")
        self.node = node
        self.members = {key.value: (key, value) for key, value in node.value}
        if "Effect" not in self.members or {"Action", "Resource"} - self.members.keys():
            raise _UnfitError("the statement is not written out where it applies")

    def edits(self) -> list[Edit]:
        """What changes in the file: the statement itself, and those that follow it."""
        parts = self.one.parts
        if not parts:
            return [self._removal()]
        edits = self._edits(parts[0], "")
        if len(parts) > 1:
            edits.append(self._following(parts[1:]))
        return edits

    def _removal(self) -> Edit:
        if not isinstance(self.parent, SequenceNode) or len(self.parent.value) == 1:
            raise _UnfitError("nothing of the policy is left: remove it")
        if self.parent.flow_style:
            raise _UnfitError("nothing of the statement is left: remove it")
        return _whole_lines(self.file, self.node)

    def _following(self, parts: Sequence[Proposal]) -> Edit:
        file = self.file
        start, end = self.node.start_mark.index, _end(self.node)
        if not isinstance(self.parent, SequenceNode):
            raise _UnfitError("the policy has one statement that is no list: it has to be split")
        before = file.text[file.line_start(start) : start]
        comments = list(file.comments(self.node))
        copies = []
        for number, part in enumerate(parts, 2):
            made = self._edits(part, self._sid(number))
            taken = [(a, b) for a, b, _ in made] + self._moved(part)
            made += [c for c in comments if not any(a < c[1] and c[0] < b for a, b in taken)]
            within = [(a - start, b - start, new) for a, b, new in made if b <= end]
            copies.append(applied(file.text[start:end], within))
        if self.parent.flow_style:
            own_line = not before.strip()
            gap = f",{file.newline}{before}" if own_line else ", "
            return (end, end, "".join(gap + copy for copy in copies))
        if not _ITEM.fullmatch(before):
            raise _UnfitError("the statement does not begin a line of its own")
        at = file.line_end(end)
        return (at, at, "".join(file.newline + before + copy for copy in copies))

    def _moved(self, part: Proposal) -> list[tuple[int, int]]:
        """From where to where comments belong to actions that the first statement has no longer."""
        node = self.members["Action"][1]
        gone = set(part.actions) - set(self.one.parts[0].actions)
        items = node.value if isinstance(node, SequenceNode) and not node.flow_style else []
        ends = [_end(item) for item in items if item.value in gone]
        return [(end, self.file.line_end(end)) for end in ends]

    def _sid(self, number: int) -> str:
        stated = self.members.get("Sid")
        if stated is None or not isinstance(stated[1], ScalarNode):
            return ""
        while f"{stated[1].value}{number}" in self.file.text:
            number += 1
        return f"{stated[1].value}{number}"

    def _edits(self, part: Proposal, sid: str) -> list[Edit]:
        edits = []
        if sid:
            node = self.members["Sid"][1]
            edits.append((node.start_mark.index, _end(node), self._quoted(sid, node)))
        if list(part.actions) != [f"{action}" for action in self.one.statement.actions]:
            edits.extend(self._actions(part))
        stays = [named.stated for named in part.named]
        if stays != list(range(len(self.one.statement.resources))):
            edits.append(self._resources(part))
        return edits

    def _quoted(self, text: str, like: Node) -> str:
        mark = self.file.text[like.start_mark.index]
        if self.file.is_json or mark == '"':
            return json.dumps(text)
        return f"'{text}'" if mark == "'" else _plain(text) if ":" in text else text

    def _actions(self, part: Proposal) -> list[Edit]:
        key, node = self.members["Action"]
        items = node.value if isinstance(node, SequenceNode) else [node]
        if not all(isinstance(item, ScalarNode) for item in items):
            raise _UnfitError("its actions are not written out")
        written = {item.value: self.file.slice(item) for item in items}
        in_lines = isinstance(node, SequenceNode) and not node.flow_style
        if in_lines and set(part.actions) <= set(written):
            left = [item for item in items if item.value not in part.actions]
            if self._each_on_its_lines(items):
                return [_whole_lines(self.file, item) for item in left]
        texts = [written.get(a) or self._quoted(a, items[0]) for a in part.actions]
        return [self._value(key, node, texts, in_lines=False)]

    def _each_on_its_lines(self, items: Sequence[Node]) -> bool:
        lines = [item.start_mark.line for item in items]
        before = (
            self.file.text[self.file.line_start(i.start_mark.index) : i.start_mark.index]
            for i in items
        )
        return len(set(lines)) == len(lines) and all(_ITEM.fullmatch(text) for text in before)

    def _resources(self, part: Proposal) -> Edit:
        key, node = self.members["Resource"]
        items = node.value if isinstance(node, SequenceNode) else [node]
        stated = [named for named in part.named if named.stated is not None]
        if stated and len(items) != len(self.one.statement.resources):
            raise _UnfitError("its resources are not written out one by one")
        texts = [self._resource(named, items) for named in part.named]
        if all(named.target and self._guard(named) for named in part.named):
            raise _UnfitError("each resource that it would name hangs on a condition of its own")
        start, end, text = self._value(key, node, texts, in_lines=True)
        return (start, end, text + self._condition(part, key))

    def _resource(self, named: Named, items: Sequence[Node]) -> str:
        if named.stated is not None:
            text = self.file.slice(items[named.stated])
            if "\n" in text and not self.node.flow_style:
                raise _UnfitError("a resource that stays is written in several lines")
            return text
        guard = self._guard(named)
        if self.file.is_json:
            text = _json(named.text)
            absent = '{"Ref": "AWS::NoValue"}'
            return f'{{"Fn::If": ["{guard}", {text}, {absent}]}}' if guard else text
        text = _yaml(named.text)
        return f'!If [{guard}, {text}, !Ref "AWS::NoValue"]' if guard else text

    def _guard(self, named: Named) -> str:
        """The condition under which alone a resource exists, where the policy has another one."""
        declared = self.file.source.data.get("Resources")
        if not isinstance(declared, dict):
            return ""

        def condition(id_: str) -> str:
            stated = declared.get(id_)
            found = stated.get("Condition") if isinstance(stated, dict) else None
            return found if isinstance(found, str) else ""

        own = condition(named.target.rpartition("/")[2])
        return own if own != condition(self.one.document.owner.id) else ""

    def _condition(self, part: Proposal, key: Node) -> str:
        if not part.passed_to:
            return ""
        if self.node.flow_style:
            services: Any = list(part.passed_to)
            value = services[0] if len(services) == 1 else services
            wanted = json.dumps({"StringEquals": {"iam:PassedToService": value}})
            name = '"Condition"' if self.file.is_json else "Condition"
            pad = key.start_mark.column * " "
            own_line = self.node.start_mark.line != self.node.end_mark.line
            gap = f",{self.file.newline}{pad}" if own_line else ", "
            return f"{gap}{name}: {wanted}"
        lines = _condition_lines(part.passed_to, key.start_mark.column)
        return "".join(self.file.newline + line for line in lines)

    def _value(self, key: Node, node: Node, texts: Sequence[str], *, in_lines: bool) -> Edit:
        """A value replaced: by one text, by a list in its line, or by a list in lines."""
        start, end = node.start_mark.index, _end(node)
        if isinstance(node, SequenceNode) and not node.flow_style:
            pad = self.file.newline + " " * node.start_mark.column
            return (start, end, "- " + f"{pad}- ".join(texts))
        if len(texts) == 1:
            return (start, end, texts[0])
        if self.node.flow_style or not in_lines or isinstance(node, SequenceNode):
            return (start, end, f"[{', '.join(texts)}]")
        colon = self.file.text.index(":", _end(key)) + 1
        pad = self.file.newline + " " * (key.start_mark.column + _STEP)
        return (colon, end, "".join(f"{pad}- {text}" for text in texts))


def _whole_lines(file: _File, node: Node) -> Edit:
    """The lines of a list item taken out."""
    after = file.text.find("\n", _end(node))
    end = len(file.text) if after < 0 else after + 1
    return (file.line_start(node.start_mark.index), end, "")


def _of_managed(
    identity: Resource,
    replaced: Mapping[str, Sequence[Tightened]],
    files: dict[str, _File],
    sources: Mapping[str, Source],
) -> tuple[str, list[Edit]]:
    """A policy of AWS taken off, and its statements written as a policy of the identity's own."""
    circular = [n for many in replaced.values() for o in many for p in o.parts for n in p.circular]
    if circular:
        raise _UnfitError(f"`{circular[0]}` refers to `{identity.id}` itself")
    if any(not _is_simple(one.statement) for many in replaced.values() for one in many):
        raise _UnfitError("it has statements of other kinds: paste those that change")
    place = identity.locate(("ManagedPolicyArns",))
    file = _open(place, files, sources)
    assert place is not None  # noqa: S101 - else it is not open
    found = file.entries.get((place.line - 1, place.column - 1))
    if found is None or found[0].value != "ManagedPolicyArns" or file.is_json:
        raise _UnfitError("the list of policies cannot be changed in place: paste the statements")
    key, attached, properties = found
    stated = identity.properties["ManagedPolicyArns"]
    if not isinstance(attached, SequenceNode) or properties.flow_style:
        raise _UnfitError("the list of policies cannot be changed in place: paste the statements")
    gone = [i for i, arn in enumerate(stated) if isinstance(arn, str) and arn in replaced]
    if len(attached.value) > len(stated) or not gone:
        raise _UnfitError("the attached policies hang on conditions: paste the statements")
    policies = next((value for name, value in properties.value if name.value == "Policies"), None)
    if policies is not None and (not isinstance(policies, SequenceNode) or policies.flow_style):
        raise _UnfitError("its policies are not written in lines: paste the statements")
    edits = list(_taken_off(file, key, attached, gone))
    column = key.start_mark.column
    pad = policies.start_mark.column if policies is not None else column + _STEP
    lines = [" " * pad + line for many in replaced.values() for line in _policy_lines(many)]
    if policies is not None:
        at = file.line_end(_end(policies))
        edits.append((at, at, "".join(file.newline + line for line in lines)))
    else:
        at = file.line_start(key.start_mark.index)
        head = " " * column + "Policies:" + file.newline
        edits.append((at, at, head + "".join(line + file.newline for line in lines)))
    return place.file, edits


def _is_simple(statement: Statement) -> bool:
    return statement.allows and not statement.not_actions and not statement.not_resources


def _taken_off(
    file: _File, key: Node, attached: SequenceNode, gone: Sequence[int]
) -> Iterator[Edit]:
    if len(gone) == len(attached.value):
        start, _, _ = _whole_lines(file, key)
        yield (start, _whole_lines(file, attached)[1], "")
    elif attached.flow_style:
        left = [file.slice(n) for i, n in enumerate(attached.value) if i not in gone]
        yield (attached.start_mark.index, _end(attached), f"[{', '.join(left)}]")
    else:
        yield from (_whole_lines(file, attached.value[index]) for index in gone)


def _policy_lines(statements: Sequence[Tightened]) -> Iterator[str]:
    yield f"- PolicyName: {statements[0].document.name}"
    yield "  PolicyDocument:"
    yield '    Version: "2012-10-17"'
    yield "    Statement:"
    for one in statements:
        whole = one if one.changes else replace(one, parts=(_as_it_is(one),))
        yield from (f"      {line}" for line in _statement_lines(whole))


def _as_it_is(one: Tightened) -> Proposal:
    actions = tuple(f"{action}" for action in one.statement.actions)
    named = tuple(Named(f"{r}", r, i) for i, r in enumerate(one.statement.resources))
    return Proposal(actions, named)
