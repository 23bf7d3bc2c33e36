"""What is wrong inside a template; the path to it is gathered while the error climbs."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from analyzer.errors import InputError
from analyzer.model import PropertyPath
from analyzer.template.source import Source
from analyzer.template.wording import one_line


class Problem(Exception):  # noqa: N818 - it is no error until its place is known
    """A template cannot be used as it is.

    While the error climbs, `within` puts the outer steps before its path, until `anchored` says
    that the path starts at the root of the template.
    """

    def __init__(self, message: str, hint: str = "", path: PropertyPath = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self._anchored = False

    def within(self, *parts: str | int) -> Problem:
        """The same problem, seen from further outside."""
        if not self._anchored:
            self.path = (*parts, *self.path)
        return self

    def anchored(self, *parts: str | int) -> Problem:
        """The same problem, with its path from the root of the template."""
        self.within(*parts)
        self._anchored = True
        return self

    def located(self, source: Source) -> InputError:
        """The error that a user sees, with its place in the file."""
        place = source.locate(self.path)
        return InputError(
            one_line(self.message),
            file=place.file,
            line=place.line,
            column=place.column,
            hint=one_line(self.hint),
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint where a known name is close to a misspelt one."""
    matches = get_close_matches(name, list(known), n=1)
    return f"did you mean `{matches[0]}`?" if matches else ""
