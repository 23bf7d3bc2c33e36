"""Ids that AWS chooses, of resources that are in the inventory."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from analyzer.absence import Absent
from analyzer.exploration import Open, Undecided, choose, predicate_of, token

_ANSWERS: Mapping[str, Callable[[str, str], bool]] = {
    "==": operator.eq,
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_RESERVED = "alias/aws/"  # of AWS's own keys: nobody else can make one
_NEVER = ("", "*")  # no id is empty, or a wildcard


@dataclass(frozen=True, eq=False, slots=True)
class Reference(Open):
    """A pointer to a resource of the same inventory (`Ref`, `GetAtt`, or an id that matched).

    `target` is the key of the resource; `attribute` is empty for `Ref`. In a running account the
    `text` is known, and answers what is asked of it.
    """

    target: str
    attribute: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Reference):
            if self.target == other.target and self.attribute == other.attribute:
                return True
            if self.target != other.target and self.attribute == other.attribute:
                return False
        if isinstance(other, Absent | bool) or other in _NEVER:
            return False
        if isinstance(other, str) and other.startswith(_RESERVED):
            return False
        return self._choose("==", other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _choose(self, question: str, operand: object) -> bool:
        if self.text and isinstance(operand, str):
            return _ANSWERS[question](self.text, operand)
        key = ("reference", self.target, self.attribute, question, token(operand))
        return choose(key, f"{self}", predicate_of(question, operand), "is chosen by AWS")

    def __contains__(self, item: object) -> bool:
        return self._choose("contains", item)

    def startswith(self, prefix: str) -> bool:
        """Choice: AWS chooses the text of an id."""
        return self._choose("startswith", prefix)

    def endswith(self, suffix: str) -> bool:
        """Choice: AWS chooses the text of an id."""
        return self._choose("endswith", suffix)

    def lower(self) -> Reference:
        """The id in lower case; itself where the text is not known anyway."""
        return replace(self, text=self.text.lower())

    def __format__(self, spec: str) -> str:
        if self.text:
            return self.text
        name = self.target.rpartition("/")[2]
        return f"{name}.{self.attribute}" if self.attribute else name

    def __getattr__(self, name: str) -> Any:
        if name[:1].isupper():
            raise Undecided(f"{self}", "is an id, not a structure")
        raise AttributeError(name)

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided(f"{self}", "is chosen by AWS")

    __iter__ = __len__ = __getitem__ = __hash__ = _undecided
    __int__ = __float__ = __index__ = __str__ = _undecided
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _undecided
