"""One statement changed at its place in a template: only the values that change are replaced.

A statement that is split is repeated as it stands, with other values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.iam.tightening.notation import (
    JSON,
    STEP,
    YAML,
    passed_to_condition,
    yaml_action,
    yaml_conditions,
)
from analyzer.iam.tightening.proposals import Proposal, ProposedResource, StatementTightening
from analyzer.template.editing import UnfitError
from analyzer.template.editing.template_file import (
    Edit,
    Mark,
    TemplateFile,
    applied,
    end_of,
)

_ITEM = re.compile(r"[ \t]*-[ \t]+")


class StatementEdits:
    """One statement in its file. Raises `UnfitError` where it cannot be changed there."""

    def __init__(self, one: StatementTightening, file: TemplateFile, mark: Mark) -> None:
        self.one = one
        self.file = file
        self.notation = JSON if file.is_json else YAML
        self.node, self.parent = _found(file, mark)
        self.members = {key.value: (key, value) for key, value in self.node.value}
        if "Effect" not in self.members or {"Action", "Resource"} - self.members.keys():
            raise UnfitError("the statement is not written out where it applies")

    def edits(self) -> list[Edit]:
        """What changes in the file: the statement itself, and those that follow it."""
        first, *following = self.one.parts or (None,)
        if first is None:
            return [self._removal()]
        edits = self._changes(first, "")
        if following:
            edits.append(self._copies(following))
        return edits

    def _removal(self) -> Edit:
        if not isinstance(self.parent, SequenceNode) or len(self.parent.value) == 1:
            raise UnfitError("nothing of the policy is left: remove it")
        if self.parent.flow_style:
            raise UnfitError("nothing of the statement is left: remove it")
        return self.file.without_lines(self.node)

    def _copies(self, parts: Sequence[Proposal]) -> Edit:
        """The statements that follow the first one, as copies of it with other values."""
        file = self.file
        end = end_of(self.node)
        if not isinstance(self.parent, SequenceNode):
            raise UnfitError("the policy has one statement that is no list: it has to be split")
        before = file.before(self.node)
        copies = [self._copy(part, number) for number, part in enumerate(parts, 2)]
        if self.parent.flow_style:
            gap = ", " if before.strip() else f",{file.newline}{before}"
            return (end, end, "".join(gap + copy for copy in copies))
        if not _ITEM.fullmatch(before):
            raise UnfitError("the statement does not begin a line of its own")
        at = file.line_end(end)
        return (at, at, "".join(file.newline + before + copy for copy in copies))

    def _copy(self, part: Proposal, number: int) -> str:
        """The text of the statement with the values of a part, and without its comments.

        They stay where they are, but for those of actions that move along.
        """
        start, end = self.node.start_mark.index, end_of(self.node)
        edits = self._changes(part, self._sid(number))
        kept = [(a, b) for a, b, _ in edits] + self._moved(part)
        edits += [
            comment
            for comment in self.file.without_comments(self.node)
            if not any(a < comment[1] and comment[0] < b for a, b in kept)
        ]
        within = [(a - start, b - start, new) for a, b, new in edits if b <= end]
        return applied(self.file.text[start:end], within)

    def _moved(self, part: Proposal) -> list[tuple[int, int]]:
        """From where to where comments belong to actions that the first statement has no longer."""
        node = self.members["Action"][1]
        gone = set(part.actions) - set(self.one.parts[0].actions)
        items = node.value if isinstance(node, SequenceNode) and not node.flow_style else []
        ends = [end_of(item) for item in items if item.value in gone]
        return [(end, self.file.line_end(end)) for end in ends]

    def _sid(self, number: int) -> str:
        """A statement id that the file does not have yet; "" where the statement has none."""
        stated = self.members.get("Sid")
        if stated is None or not isinstance(stated[1], ScalarNode):
            return ""
        while f"{stated[1].value}{number}" in self.file.text:
            number += 1
        return f"{stated[1].value}{number}"

    def _changes(self, part: Proposal, sid: str) -> list[Edit]:
        """The statement's values as a part has them."""
        edits = []
        if sid:
            node = self.members["Sid"][1]
            edits.append((node.start_mark.index, end_of(node), self._quoted(sid, node)))
        if list(part.actions) != [f"{action}" for action in self.one.statement.actions]:
            edits.extend(self._actions(part))
        stays = [named.stated for named in part.named]
        if stays != list(range(len(self.one.statement.resources))):
            edits.append(self._resources(part))
        return edits

    def _quoted(self, text: str, like: Node) -> str:
        """A text in the quotes of another one."""
        mark = self.file.text[like.start_mark.index]
        if self.file.is_json or mark == '"':
            return json.dumps(text)
        if mark == "'":
            return f"'{text}'"
        return yaml_action(text) if ":" in text else text

    def _actions(self, part: Proposal) -> list[Edit]:
        key, node = self.members["Action"]
        items = node.value if isinstance(node, SequenceNode) else [node]
        if not all(isinstance(item, ScalarNode) for item in items):
            raise UnfitError("its actions are not written out")
        written = {item.value: self.file.slice(item) for item in items}
        in_lines = isinstance(node, SequenceNode) and not node.flow_style
        if in_lines and set(part.actions) <= set(written) and self._each_on_its_line(items):
            gone = [item for item in items if item.value not in part.actions]
            return [self.file.without_lines(item) for item in gone]
        texts = [written.get(action) or self._quoted(action, items[0]) for action in part.actions]
        return [self._value(key, node, texts, in_lines=False)]

    def _each_on_its_line(self, items: Sequence[Node]) -> bool:
        lines = {item.start_mark.line for item in items}
        return len(lines) == len(items) and all(
            _ITEM.fullmatch(self.file.before(item)) for item in items
        )

    def _resources(self, part: Proposal) -> Edit:
        key, node = self.members["Resource"]
        items = node.value if isinstance(node, SequenceNode) else [node]
        stated = [named for named in part.named if named.stated is not None]
        if stated and len(items) != len(self.one.statement.resources):
            raise UnfitError("its resources are not written out one by one")
        texts = [self._resource(named, items) for named in part.named]
        if all(named.target and self._condition_of(named) for named in part.named):
            raise UnfitError("each resource that it would name hangs on a condition of its own")
        start, end, text = self._value(key, node, texts, in_lines=True)
        return (start, end, text + self._passed_to(part, key))

    def _resource(self, named: ProposedResource, items: Sequence[Node]) -> str:
        if named.stated is not None:
            text = self.file.slice(items[named.stated])
            if "\n" in text and not self.node.flow_style:
                raise UnfitError("a resource that stays is written in several lines")
            return text
        text = self.notation.resource(named.text)
        condition = self._condition_of(named)
        return self.notation.guarded(condition, text) if condition else text

    def _condition_of(self, named: ProposedResource) -> str:
        """The condition under which alone a resource exists, where the policy has another one."""
        declared = self.file.data.get("Resources")
        if not isinstance(declared, dict):
            return ""

        def condition(id_: str) -> str:
            stated = declared.get(id_)
            found = stated.get("Condition") if isinstance(stated, dict) else None
            return found if isinstance(found, str) else ""

        own = condition(named.target.rpartition("/")[2])
        return own if own != condition(self.one.document.owner.id) else ""

    def _passed_to(self, part: Proposal, key: Node) -> str:
        """The condition of iam:PassRole, as it follows the resources."""
        if not part.passed_to:
            return ""
        wanted = passed_to_condition(part.passed_to)
        newline, column = self.file.newline, key.start_mark.column
        if not self.node.flow_style:
            return "".join(newline + line for line in yaml_conditions(wanted, column))
        in_lines = self.node.start_mark.line != self.node.end_mark.line
        gap = f",{newline}{' ' * column}" if in_lines else ", "
        return f"{gap}{self.notation.key('Condition')}: {json.dumps(wanted)}"

    def _value(self, key: Node, node: Node, texts: Sequence[str], *, in_lines: bool) -> Edit:
        """A value replaced: by one text, by a list in its line, or by a list in lines."""
        start, end = node.start_mark.index, end_of(node)
        if isinstance(node, SequenceNode) and not node.flow_style:
            pad = self.file.newline + " " * node.start_mark.column
            return (start, end, "- " + f"{pad}- ".join(texts))
        if len(texts) == 1:
            return (start, end, texts[0])
        if self.node.flow_style or not in_lines or isinstance(node, SequenceNode):
            return (start, end, f"[{', '.join(texts)}]")
        colon = self.file.text.index(":", end_of(key)) + 1
        pad = self.file.newline + " " * (key.start_mark.column + STEP)
        return (colon, end, "".join(f"{pad}- {text}" for text in texts))


def _found(file: TemplateFile, mark: Mark) -> tuple[MappingNode, Node | None]:
    """The node of a statement, and the list in which it stands."""
    node: Node | None = None
    parent: Node | None = None
    if mark in file.items:
        node, parent = file.items[mark]
    elif mark in file.entries:
        node = file.entries[mark][1]
    if isinstance(node, SequenceNode) and len(node.value) == 1:
        node, parent = node.value[0], node
    if not isinstance(node, MappingNode):
        raise UnfitError("the statement is not written where it applies")
    if file.is_shared(node):
        raise UnfitError("the statement is used in several places (an alias)")
    return node, parent
