"""Texts with holes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from analyzer.exploration import Open, Undecided, choose, predicate_of, token
from analyzer.reference import Reference


class Partial(Open):
    """A text with holes, such as `arn:aws:s3:::${Bucket}/*`: its known ends still answer."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Any) -> None:
        self.parts: tuple[Any, ...] = tuple(_merged(parts))

    @property
    def identity(self) -> Any:
        """Its texts and what its holes are: two unknowns may have one name."""
        return ("partial", *(token(part) for part in self.parts))

    @property
    def head(self) -> str:
        """The known text before the first hole."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    @property
    def tail(self) -> str:
        """The known text after the last hole."""
        return self.parts[-1] if self.parts and isinstance(self.parts[-1], str) else ""

    def _choose(self, question: str, operand: object) -> bool:
        reasons = (getattr(part, "reason", "") for part in self.parts)
        reason = next(filter(None, reasons), "is chosen by AWS")
        key = (self.identity, question, token(operand))
        return choose(key, f"`{self}`", predicate_of(question, operand), reason)

    def __bool__(self) -> bool:
        solid = any(isinstance(part, str | Reference) for part in self.parts)
        return solid or self._choose("truth", None)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Partial):
            return self.identity == other.identity or self._choose("==", other)
        if isinstance(other, str):
            return self._could_be(other) and self._choose("==", other)
        if isinstance(other, Open):
            return self._choose("==", other)
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _could_be(self, text: str) -> bool:
        """Whether some filling of the holes gives `text`: its pieces stand in it, in order."""
        if not text.startswith(self.head) or not text.endswith(self.tail):
            return False
        position = 0
        for piece in self.parts:
            if isinstance(piece, str):
                position = text.find(piece, position)
                if position < 0:
                    return False
                position += len(piece)
        return True

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str) and any(
            isinstance(part, str) and item in part for part in self.parts
        ):
            return True
        return self._choose("contains", item)

    def startswith(self, prefix: str) -> bool:
        """Decided by the known head where it can be."""
        if self.head.startswith(prefix):
            return True
        return prefix.startswith(self.head) and self._choose("startswith", prefix)

    def endswith(self, suffix: str) -> bool:
        """Decided by the known tail where it can be."""
        if self.tail.endswith(suffix):
            return True
        return suffix.endswith(self.tail) and self._choose("endswith", suffix)

    def lower(self) -> Partial:
        """The same text in lower case."""
        return Partial(*(part.lower() for part in self.parts))

    def __add__(self, other: Any) -> Partial:
        return Partial(*self.parts, other)

    def __radd__(self, other: Any) -> Partial:
        return Partial(other, *self.parts)

    def __format__(self, spec: str) -> str:
        return "".join(
            part if isinstance(part, str) else "${" + f"{part}".strip("()") + "}"
            for part in self.parts
        )

    def __repr__(self) -> str:
        return f"Partial({f'{self}'!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._undecided()

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided(f"`{self}`", "has a part that is not known")

    __iter__ = __len__ = __getitem__ = __hash__ = _undecided
    __int__ = __float__ = __index__ = __str__ = _undecided
    __lt__ = __le__ = __gt__ = __ge__ = _undecided


def _merged(parts: Sequence[Any]) -> Iterator[Any]:
    """Flatten nested partials and join neighbouring texts."""
    text = ""
    for part in parts:
        for piece in part.parts if isinstance(part, Partial) else (part,):
            if isinstance(piece, str):
                text += piece
            else:
                if text:
                    yield text
                    text = ""
                yield piece
    if text:
        yield text
