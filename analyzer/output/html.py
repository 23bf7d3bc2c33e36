"""The report as one HTML file that needs no network: styles, script and drawings are inside it.

A theme is a folder with `report.html.j2` and what that template includes; `reports/assay` is the
built-in one. Text from templates and accounts is untrusted: Jinja2 escapes all of it, and a
Content-Security-Policy lets nothing run or load but the theme's own style and script, by hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.content import content
from analyzer.errors import InputError
from analyzer.findings import Severity, Verdict
from analyzer.output import charts, languages
from analyzer.output.diagram import Say, svg
from analyzer.output.html_bulk import pack
from analyzer.output.html_parts import anchored
from analyzer.output.html_view import PastRuns, view
from analyzer.output.languages import ENGLISH, Language
from analyzer.output.text_findings import fix_words
from analyzer.results import Run

if TYPE_CHECKING:
    import jinja2

_ENTRY = "report.html.j2"
# Control characters that no page may hold, lone surrogates, and what reorders text on the screen.
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_CLOSES_ITS_ELEMENT = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)


def html(
    run: Run, *, theme: Path | None = None, past: PastRuns | None = None, language: str = ENGLISH
) -> str:
    """The run as one self-contained page, with what the runs before it say where they are known.

    `theme` is a folder; without one, the built-in theme. `language` is that of the report's own
    words. Raises `InputError` where the theme has no `report.html.j2` or cannot be rendered,
    `UsageError` for a language that the theme does not speak.
    """
    import jinja2

    folder = theme or content("reports") / "assay"
    if not (folder / _ENTRY).is_file():
        raise InputError("is not a report theme", file=str(folder), hint=f"it has no {_ENTRY}")
    environment = environment_of(folder, language)
    try:
        return environment.get_template(_ENTRY).render(page=view(run, past))
    except jinja2.TemplateSyntaxError as error:
        place = error.filename or str(folder)
        raise InputError(error.message or "", file=place, line=error.lineno) from error
    except jinja2.TemplateError as error:
        raise InputError(f"cannot be rendered: {error}", file=str(folder)) from error


def environment_of(folder: Path, language: str = ENGLISH) -> jinja2.Environment:
    """What renders the templates of a theme: everything is escaped, and nothing is undefined."""
    import jinja2
    from markupsafe import Markup

    spoken = languages.language(folder, language)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        extensions=["jinja2.ext.i18n"],
    )
    _translate(environment, spoken)
    environment.globals.update(
        inline=lambda *names: Markup(inline(folder, *names)),
        bar=lambda *args: Markup(charts.bar(*args)),
        marked_bar=lambda *args: Markup(charts.marked_bar(*args)),
        stack=lambda *args: Markup(charts.stack(*args)),
        drawing=lambda diagram, words: Markup(svg(diagram, say=_say(words, spoken))),
        Verdict=Verdict,
        Severity=Severity,
        zero=Decimal(0),
    )
    environment.tests["linkable"] = lambda url: url.startswith(("https://", "http://"))
    environment.filters.update(
        csp_hash=csp_hash,
        fix_words=fix_words,
        patched=patched,
        packed=lambda page: pack(page.parts, shown),
        value=value,
        anchored=anchored,
        drawn=Markup,  # of what `charts` and `trend` draw, which escape what they show
        prose=lambda text: Markup(prose(text)),
    )
    return environment


def _say(words: Mapping[str, str], spoken: Language) -> Say:
    """The drawing's language: English as its files have it, else the words of the catalogue."""
    return Say() if spoken.code == ENGLISH else Say(words, spoken.money)


def _translate(environment: jinja2.Environment, spoken: Language) -> None:
    """Let templates speak a language: `trans` and `_()`, and filters for figures and dates.

    `english` marks what stays English on a page of another language: what rules and engines say.
    """
    from markupsafe import Markup

    environment.policies["ext.i18n.trimmed"] = True
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(spoken.words, newstyle=True)
    environment.globals.update(
        language=spoken.code,
        english=Markup("" if spoken.code == ENGLISH else ' lang="en"'),
    )
    environment.filters.update(
        integer=spoken.integer,
        money=spoken.money,
        change=spoken.change,
        currency=spoken.currency,
        coded=spoken.coded,
        quantity=spoken.quantity,
        percent=spoken.percent,
        day=spoken.day,
    )


def inline(folder: Path, *names: str) -> str:
    """The theme's files one after the other, to stand inside one element.

    Raises `InputError` where a file is missing, or would close the element that it stands in.
    """
    texts = []
    for name in names:
        path = folder / name
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError("a file of the theme cannot be read", file=str(path)) from error
        if path.suffix != ".svg" and _CLOSES_ITS_ELEMENT.search(text):
            raise InputError("a file of the theme would close its own element", file=str(path))
        texts.append(text.strip())
    return "\n".join(texts)


def csp_hash(text: str) -> str:
    """What a Content-Security-Policy says to allow exactly this inline style or script."""
    digest = hashlib.sha256(str(text).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def shown(thing: Any) -> Any:
    """Text that goes into the page, with a mark for each character that could not stand there."""
    if isinstance(thing, str) and not isinstance(thing, StrEnum):
        return type(thing)(_NOT_SHOWN.sub("\ufffd", thing))
    return thing


def prose(text: str) -> str:
    """A sentence as HTML: what stands between backticks is code."""
    from markupsafe import escape

    pieces = str(shown(text)).split("`")
    if len(pieces) % 2 == 0:
        return str(escape("`".join(pieces)))
    return "".join(
        f"<code>{escape(piece)}</code>" if index % 2 else str(escape(piece))
        for index, piece in enumerate(pieces)
    )


def patched(diff: str) -> str:
    """The file that a unified diff changes, as it names it; "" where it names none."""
    names = (line[4:].strip() for line in diff.splitlines() if line.startswith("+++ "))
    return next(names, "").removeprefix("b/")


def value(thing: Any) -> str:
    """A property's value as it stands in a template, on one line."""
    if isinstance(thing, str):
        return thing
    if isinstance(thing, Mapping):
        thing = dict(thing)
    return json.dumps(thing, ensure_ascii=False, default=str)
