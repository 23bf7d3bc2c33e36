"""Small systems on disk for the tests of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from analyzer.configuration import Configuration
from analyzer.configuration_file import read_configuration
from analyzer.inputs import Deployment, find_systems
from analyzer.policy.pack import load_packs
from analyzer.request import Request
from analyzer.results import Judgement, Run
from analyzer.run import run

TODAY = date(2026, 11, 21)

DATABASE = """\
Parameters:
  Days: {Type: Number, Default: 1}
  Encrypt: {Type: String}
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t3.micro
      AllocatedStorage: "20"
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: !Ref Encrypt
"""

ARCHITECTURE = """\
name: shop
stacks:
  main: {template: template.yaml, region: eu-west-3, parameters: {Encrypt: "true"}}
profiles:
  dev: {}
  prod: {parameters: {Days: 30}}
"""

PACK = '''\
from analyzer.policy import Fail, Resource, rule


@rule("TST-RDS-01", severity="high", on="AWS::RDS::DBInstance")
def backups_are_kept(db: Resource, *, backup_days: int = 7) -> Fail | None:
    """Backups are kept."""
    if db.BackupRetentionPeriod < backup_days:
        return Fail(f"keeps {db.BackupRetentionPeriod} days", at="BackupRetentionPeriod")


@rule("TST-RDS-02", severity="medium", on="AWS::RDS::DBInstance")
def storage_is_encrypted(db: Resource) -> Fail | None:
    """Storage is encrypted."""
    if not db.StorageEncrypted:
        return Fail("stores its data unencrypted", at="StorageEncrypted")
'''


def written(folder: Path, **files: str) -> Path:
    """A folder with these files; `__` in a name is a dot."""
    for name, text in files.items():
        file = folder / name.replace("__", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def run_of(
    folder: Path,
    *,
    pack: str = PACK,
    parameters: Mapping[str, Any] | None = None,
    **options: Any,
) -> Run:
    """The run over a folder by a pack of its own."""
    pack_file = folder.parent / "pack.py"
    pack_file.write_text(pack, encoding="utf-8")
    found = find_systems([folder], Deployment(parameters=parameters or {}))
    configured = folder / "assay.yaml"
    configuration = read_configuration(configured) if configured.is_file() else Configuration()
    return run(
        Request(
            systems=found.systems,
            today=TODAY,
            rules=load_packs([pack_file]),
            configuration=configuration,
            problems=found.problems,
            **options,
        )
    )


def verdicts(judgement: Judgement) -> dict[tuple[str, str], str]:
    """The verdicts by rule and resource."""
    return {
        (finding.rule, finding.resource): finding.verdict.value for finding in judgement.findings
    }
