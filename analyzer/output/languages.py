"""The report's languages: its own words from one catalogue, figures as each language writes them.

English stands in the templates; any other language is a file `languages/<code>.po` of the theme.
It is read as it is: a checkout, an installed wheel and a theme of one's own need no build step.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from analyzer.errors import InputError, UsageError

ENGLISH = "en"
_FOLDER = "languages"
_MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
# Where an amount and its currency's code stand.
_AMOUNTS = {ENGLISH: f"{{code}}{_NO_BREAK}{{amount}}"}
_AMOUNT = f"{{amount}}{_NO_BREAK}{{code}}"
# The first day of a month, where it is not written as the others are.
_FIRST_DAY = {"fr": "1er"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language: `words` translates, the methods write figures and dates."""

    code: str
    words: gettext.NullTranslations

    def integer(self, number: int) -> str:
        """A count with grouped thousands."""
        return self._decimal(Decimal(number), "#,##0")

    def money(self, amount: Decimal) -> str:
        """An amount with two decimals and grouped thousands; a minus is the typographic one."""
        return self._decimal(amount, "#,##0.00")

    def change(self, amount: Decimal) -> str:
        """An amount that was added or taken away: signed unless it is nothing."""
        text = self.money(amount)
        return f"+{text}" if round(amount, 2) > 0 else text

    def currency(self, amount: Decimal, code: str = "USD") -> str:
        """An amount with its currency's code."""
        return self.coded(self.money(amount), code)

    def coded(self, amounts: str, code: str = "USD") -> str:
        """An amount, or a range of them, with a currency's code, which no line break parts."""
        return type(amounts)(_AMOUNTS.get(self.code, _AMOUNT).format(amount=amounts, code=code))

    def quantity(self, number: Decimal) -> str:
        """A quantity or unit price, without the zeros that say nothing; at most six decimals."""
        if number and not round(number, 6):
            return f"{number.normalize():e}"
        return self._decimal(number, "#,##0.######")

    def percent(self, share: Decimal) -> str:
        """A share of one as a whole percentage."""
        from babel.numbers import format_percent

        return format_percent(share, locale=self.code)

    def day(self, when: date) -> str:
        """A date as prose writes it: 20 November 2026, 20 novembre 2026."""
        from babel.dates import format_date

        first = _FIRST_DAY.get(self.code) if when.day == 1 else None
        return f"{first or when.day} {format_date(when, 'MMMM y', locale=self.code)}"

    def _decimal(self, number: Decimal, pattern: str) -> str:
        from babel.numbers import format_decimal

        text = format_decimal(number, format=pattern, locale=self.code)
        return (
            text.replace("-", _MINUS) if any(c in "123456789" for c in text) else text.lstrip("-")
        )


def language(theme: Path, code: str) -> Language:
    """A language that a theme speaks. Raises `UsageError` for another one."""
    if code == ENGLISH:
        return Language(code, gettext.NullTranslations())
    known = languages(theme)
    if code not in known:
        raise UsageError(
            f"the report has no language '{code}'", hint=f"use one of {', '.join(known)}"
        )
    return Language(code, _catalogue(theme / _FOLDER / f"{code}.po", code))


def languages(theme: Path) -> list[str]:
    """The languages that a theme speaks: English, and those that it has a catalogue of."""
    return [ENGLISH, *sorted(file.stem for file in (theme / _FOLDER).glob("*.po"))]


def _catalogue(file: Path, code: str) -> gettext.GNUTranslations:
    from babel import UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    compiled = io.BytesIO()
    try:
        with file.open("rb") as stream:
            write_mo(compiled, read_po(stream, locale=code, abort_invalid=True))
    except (OSError, PoFileError, UnicodeError, UnknownLocaleError, ValueError) as error:
        raise InputError(f"is no catalogue of messages: {error}", file=str(file)) from error
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
