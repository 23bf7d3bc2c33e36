"""What a value could be completed to: names that are known from the rules, or stand in files.

A shell asks while somebody types, so nothing here is an error: what cannot be read has no names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.content import content
from analyzer.errors import AssayError

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

Items = list["CompletionItem[str]"]
_DEPTH = ("", "*/", "*/*/")  # folders that are looked into for architectures


def rules(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Ids of the built-in rules and of the packs that the line names, with their titles."""
    from analyzer.policy.pack import load_packs

    found: dict[str, str] = {}
    for pack in (content("rules"), *(ctx.params.get("packs") or ())):
        with suppress(AssayError):
            found.update((id_, rule.info.title) for id_, rule in load_packs([pack]).items())
    return _starting(incomplete.upper(), found)


def families(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Families of the built-in rules."""
    from analyzer.policy.pack import load_packs

    return _starting(
        incomplete, {rule.info.family for rule in load_packs([content("rules")]).values()}
    )


def frameworks(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Ids of the frameworks, with their titles."""
    from analyzer.policy.frameworks import load_frameworks

    return _starting(incomplete, load_frameworks(content("rules") / "frameworks").titles)


def profiles(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Profiles of the architectures that the line names, or else of those below this folder."""
    # An option that still waits for its value leaves the paths where they stood on the line.
    named = ctx.params.get("paths") or ctx.params.get("path") or ctx.args or Path()
    places = [named] if isinstance(named, str | Path) else named
    return _starting(incomplete, {name for place in places for name in _profiles(Path(place))})


def languages(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    """Codes of the languages that the report's theme speaks."""
    from analyzer.output.languages import languages as spoken

    return _starting(incomplete, spoken(ctx.params.get("theme") or content("reports") / "assay"))


def words(known: Iterable[str]) -> Any:
    """Completion of a list that is separated by commas: its last word, from those known."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
        from click.shell_completion import CompletionItem

        before, comma, last = incomplete.rpartition(",")
        given = before.split(",")
        left = (name for name in known if name not in given and name.startswith(last))
        return [CompletionItem(f"{before}{comma}{name}") for name in left]

    return complete


def _starting(incomplete: str, names: Iterable[str]) -> Items:
    from click.shell_completion import CompletionItem

    titles: Mapping[str, str] = names if isinstance(names, Mapping) else {}
    return [
        CompletionItem(name, help=titles.get(name))
        for name in sorted(names)
        if name.startswith(incomplete)
    ]


def _profiles(place: Path) -> Iterator[str]:
    from analyzer.inputs import ARCHITECTURE
    from analyzer.template import read_source

    files = (
        [place]
        if place.is_file()
        else [
            file
            for depth in _DEPTH
            for name in ARCHITECTURE
            for file in place.glob(f"{depth}{name}")
        ]
    )
    for file in files:
        with suppress(AssayError, OSError):
            written = read_source(file).data.get("profiles")
            yield from map(str, written) if isinstance(written, Mapping) else ()
