"""`assay init`: the files that a repository starts with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.writing import emit, write
from analyzer.errors import InputError
from analyzer.inputs import ARCHITECTURE
from analyzer.system import REGION

_SCHEMAS = Path(".assay/schema")
_CONFIGURATION = """\
# yaml-language-server: $schema={schema}
# What this repository asks of assay. Everything is optional.

# Thresholds, by setting name for every rule that has it, or for one rule:
# policy:
#   backup_days: 14
#   BAK-RDS-01: {{backup_days: 35}}

# Failures that somebody answers for, with a reason and until a day at most 90 days away; longer
# with waiver_days. They may stand in a waivers.yaml beside this file, too.
# waivers:
#   - rule: NET-SG-01
#     resource: BastionGroup
#     reason: reachable until the VPN is in place
#     owner: platform team
#     until: {until}
"""


@click.command()
@click.argument(
    "folder", default=Path(), type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option("--region", default=REGION, show_default=True, help="Where the stacks are deployed.")
def command(*, folder: Path, region: str) -> int:
    """Write an assay.yaml, and an architecture.yaml beside the templates of FOLDER.

    Files that are there already are left as they are; templates of nested stacks are left to the
    templates that name them. JSON Schemas are written below .assay/ for editors, as this version of
    assay has them.
    """
    by_folder: dict[Path, list[Path]] = {}
    for template in _deployed(folder):
        by_folder.setdefault(template.parent, []).append(template)
    schemas = _write_schemas(folder / _SCHEMAS)
    until = date.today() + timedelta(days=60)  # noqa: DTZ011 - the user's own day
    schema = _relative(schemas / "assay.json", folder)
    _write_new(folder / "assay.yaml", _CONFIGURATION.format(schema=schema, until=until))
    for place, templates in by_folder.items():
        if any((place / name).is_file() for name in ARCHITECTURE):
            emit(f"kept     {place / ARCHITECTURE[0]}")
        else:
            schema = _relative(schemas / "architecture.json", place)
            _write_new(place / ARCHITECTURE[0], _architecture(place, templates, region, schema))
    if not by_folder:
        emit(f"There is no CloudFormation template in {folder} yet; run this again when there is.")
    else:
        emit(f"Now: assay check {folder}")
    return COMPLIANT


def _deployed(folder: Path) -> list[Path]:
    """The templates below a folder that are stacks of their own, and not nested in others."""
    from analyzer.template import read_source, templates_in
    from analyzer.template.nested import templates_named

    templates = list(filter(Path.is_file, templates_in(folder)))
    nested: set[Path] = set()
    for template in templates:
        with suppress(InputError):
            nested.update(file.resolve() for file in templates_named(read_source(template)))
    return [template for template in templates if template.resolve() not in nested]


def _write_schemas(folder: Path) -> Path:
    """The JSON Schemas of our own files, always as this version has them."""
    from analyzer import architecture_file, configuration_file

    schemas = {
        "architecture": architecture_file.schema,
        "assay": configuration_file.schema,
        "waivers": configuration_file.waivers_schema,
    }
    for name, schema in schemas.items():
        write(folder / f"{name}.json", json.dumps(schema(), indent=2) + "\n")
    return folder


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def _write_new(file: Path, text: str) -> None:
    if file.exists():
        emit(f"kept     {file}")
        return
    write(file, text)
    emit(f"written  {file}")


def _architecture(folder: Path, templates: list[Path], region: str, schema: str) -> str:
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "# The stacks of this system, and the ways in which it is deployed.",
        f"name: {folder.resolve().name}",
        "description: what it is for",
        "stacks:",
    ]
    for template in templates:
        lines += [f"  {template.stem}:", f"    template: {template.name}", f"    region: {region}"]
    lines += ["profiles:", "  default:", "    title: as deployed"]
    parameters = list(_parameters(templates))
    lines += ["    # parameters:", *parameters] if parameters else []
    lines += [
        "    # policy: {backup_days: 14}",
        "    # budget: {amount: 500, currency: USD}",
        "    # usage:",
        "    #   network: {internet_out_gib: 100}",
        "",
    ]
    return "\n".join(lines)


def _parameters(templates: list[Path]) -> Iterator[str]:
    """Each declared parameter as a comment with its default, for the owner to fill in."""
    from analyzer.template import read_source

    told: set[str] = set()
    for template in templates:
        try:
            declared = read_source(template).data.get("Parameters")
        except InputError:
            continue
        for name, declaration in declared.items() if isinstance(declared, Mapping) else ():
            if name not in told:
                told.add(name)
                yield f"      # {name}: {_default(declaration)}"


def _default(declaration: Any) -> str:
    if not isinstance(declaration, Mapping) or "Default" not in declaration:
        return "(no default: UNKNOWN until it is given)"
    if f"{declaration.get('NoEcho', '')}".lower() == "true":
        return "(a secret: leave it out)"
    return f"{declaration['Default']}"
