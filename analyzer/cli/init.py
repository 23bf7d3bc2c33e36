"""`assay init`: the files that a repository starts with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from analyzer.cli.writing import emit, write
from analyzer.errors import InputError
from analyzer.inputs import ARCHITECTURE
from analyzer.system import REGION

_CONFIGURATION = """\
# What this repository asks of assay. Everything is optional.

# Thresholds, by setting name for every rule that has it, or for one rule:
# policy:
#   backup_days: 14
#   BAK-RDS-01: {backup_days: 35}

# Failures that somebody answers for. A reason is required; past its date a waiver is reported.
# waivers:
#   - rule: NET-SG-01
#     resource: BastionGroup
#     reason: reachable until the VPN is in place
#     owner: platform team
#     until: 2027-03-31
"""


@click.command()
@click.argument(
    "folder", default=Path(), type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option("--region", default=REGION, show_default=True, help="Where the stacks are deployed.")
def command(*, folder: Path, region: str) -> int:
    """Write an assay.yaml, and an architecture.yaml beside the templates of FOLDER.

    Files that are there already are left as they are.
    """
    from analyzer.template import templates_in

    by_folder: dict[Path, list[Path]] = {}
    for template in templates_in(folder):
        by_folder.setdefault(template.parent, []).append(template)
    _write_new(folder / "assay.yaml", _CONFIGURATION)
    for place, templates in by_folder.items():
        if any((place / name).is_file() for name in ARCHITECTURE):
            emit(f"kept     {place / ARCHITECTURE[0]}")
        else:
            _write_new(place / ARCHITECTURE[0], _architecture(place, templates, region))
    if not by_folder:
        emit(f"There is no CloudFormation template in {folder} yet; run this again when there is.")
    else:
        emit(f"Now: assay check {folder}")
    return 0


def _write_new(file: Path, text: str) -> None:
    if file.exists():
        emit(f"kept     {file}")
        return
    write(file, text)
    emit(f"written  {file}")


def _architecture(folder: Path, templates: list[Path], region: str) -> str:
    lines = [
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
