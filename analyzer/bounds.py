"""Between which numbers something lies, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass

# What holds where the first does not.
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_Low = tuple[float, bool]  # and whether the number itself is out: of two, the greater is tighter
_High = tuple[float, bool]  # and whether the number itself is in: of two, the smaller is tighter


@dataclass(slots=True)
class Bounds:
    """The numbers that something can still be; None where nothing bounds it."""

    low: _Low | None = None
    high: _High | None = None

    @classmethod
    def between(cls, minimum: float | None, maximum: float | None) -> Bounds:
        """From one number to another, both included."""
        return cls(
            None if minimum is None else (minimum, False),
            None if maximum is None else (maximum, True),
        )

    def learn(self, question: str, number: float, *, answer: bool) -> None:
        """Take the answer to `value < number`, another order or `==` into account."""
        if question in _OPPOSITE:
            self._narrow(question if answer else _OPPOSITE[question], number)
        elif question == "==" and answer:
            self._narrow(">=", number)
            self._narrow("<=", number)

    def _narrow(self, order: str, number: float) -> None:
        if order in (">", ">="):
            low = (number, order == ">")
            self.low = low if self.low is None else max(self.low, low)
        else:
            high = (number, order == "<=")
            self.high = high if self.high is None else min(self.high, high)

    def implies(self, question: str, number: float) -> bool | None:
        """The only answer left to `value < number`, another order or `==`; None where both are."""
        if question == "==":
            outside = self._above(number, itself=False) or self._below(number, itself=False)
            exactly = self.low == (number, False) and self.high == (number, True)
            return False if outside else True if exactly else None
        if question in ("<", "<="):
            opposite = self.implies(_OPPOSITE[question], number)
            return None if opposite is None else not opposite
        if question in (">", ">="):
            itself = question == ">="
            if self._above(number, itself=itself):
                return True
            return False if self._below(number, itself=not itself) else None
        return None

    def _above(self, number: float, *, itself: bool) -> bool:
        """Whether everything left is above a number, or the number itself."""
        return self.low is not None and self.low >= (number, not itself)

    def _below(self, number: float, *, itself: bool) -> bool:
        return self.high is not None and self.high <= (number, itself)
