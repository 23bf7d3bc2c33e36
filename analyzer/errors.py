"""The errors a user can meet: each prints as one line that says what to do."""

from __future__ import annotations


class AssayError(Exception):
    """Base of every error that the command line prints instead of a traceback.

    `file`, `line` and `column` (1-based; 0 when there is none) say where; `hint` says what to do.
    """

    def __init__(
        self, message: str, *, file: str = "", line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}; {self.hint}" if self.hint else text


class InputError(AssayError):
    """A template, parameter file, architecture or configuration file cannot be used."""


class UsageError(AssayError):
    """The command was called in a way that it does not have."""


class PackError(AssayError):
    """A rule pack cannot be loaded, or one of its rules is malformed."""


class PriceError(AssayError):
    """The price book cannot be read or built."""


class EngineError(AssayError):
    """A foreign checker could not be run; its findings are missing from the run."""


class AccessError(AssayError):
    """An account could not be entered, or did not say which regions or accounts there are."""


class ForgeError(AssayError):
    """A code host does not permit something, or did not do it; what was to be sent is not there."""
