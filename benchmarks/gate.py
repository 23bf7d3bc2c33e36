"""Speed and memory of the gate beside Checkov and cfn-lint, on the same files, in one run.

    python benchmarks/gate.py [--rounds 5] [--templates 500]

Every round runs each command once, one after another, so that a busy machine slows them alike; the
median of the rounds is shown. Memory is the peak resident size that the kernel reports for the
process. Only our own engine takes part, with nothing cached. Checkov is run twice: as it is called
without options, and held to its CloudFormation checks alone. Our modules are compiled before, as an
installer compiles those of all three.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BIN = Path(sys.executable).parent
_ROOT = Path(__file__).parent.parent
_SMALL = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: a database and its bucket
Parameters:
  Environment: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  Production: !Equals [!Ref Environment, prod]
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties:
      Engine: postgres
      EngineVersion: "16.3"
      DBInstanceClass: db.t3.micro
      AllocatedStorage: "20"
      MasterUsername: shop
      ManageMasterUserPassword: true
      MultiAZ: !If [Production, true, false]
      StorageEncrypted: true
      BackupRetentionPeriod: 7
  Assets:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the web servers
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}
"""


@dataclass(frozen=True)
class Measured:
    """One run of a command: wall-clock seconds, and peak resident memory in MiB."""

    seconds: float
    mebibytes: float


def measure(command: Sequence[str]) -> Measured:
    """Run a command to its end. Raises RuntimeError where it does not judge at all."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, 1, 2, 3, 4, 6, 14}:  # cfn-lint's bits, and violations
        raise RuntimeError(f"{command[0]} ended with {code}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def compare(title: str, commands: dict[str, list[str]], rounds: int) -> dict[str, Measured]:
    """Measure the commands in turn; print and give the medians."""
    runs: dict[str, list[Measured]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(measure(command))
    medians = {
        name: Measured(
            statistics.median(run.seconds for run in measured),
            max(run.mebibytes for run in measured),
        )
        for name, measured in runs.items()
    }
    ours = medians["assay"]
    print(f"\n{title} ({rounds} rounds, median)")
    for name, measured in medians.items():
        ratio = measured.seconds / ours.seconds
        figures = f"{measured.seconds:9.2f} s{measured.mebibytes:8.0f} MiB"
        print(f"  {name:28}{figures}{ratio:8.1f} x our time")
    return medians


def verdict(words: str, *, met: bool) -> bool:
    """Print whether a target is met."""
    print(f"  {'met' if met else 'NOT MET':8} {words}")
    return met


def main() -> int:
    """Measure, print, and end with 1 where a target is not met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--templates", type=int, default=500)
    options = parser.parse_args()
    for modules in ("analyzer", "rules"):
        compileall.compile_dir(_ROOT / modules, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.yaml"
        one.write_text(_SMALL, encoding="utf-8")
        cold = compare("One small template, cold", _commands([one]), options.rounds)
        many = folder / "many"
        many.mkdir()
        real = _ROOT / "architectures/webmarket/template.yaml"
        text = real.read_text(encoding="utf-8")
        files = []
        for number in range(options.templates):
            file = many / f"template-{number:04}.yaml"
            file.write_text(f"{text}\n# copy {number}\n", encoding="utf-8")
            files.append(file)
        title = f"{options.templates} templates of a whole system ({len(text.splitlines())} lines)"
        bulk = compare(title, _commands(files, many), 1)
    print("\nTargets")
    met = [
        verdict(
            "cold start at least 6 times faster than Checkov",
            met=cold["checkov"].seconds >= 6 * cold["assay"].seconds,
        ),
        verdict("cold start under half a second", met=cold["assay"].seconds < 0.5),
        verdict(
            "many templates at least 20 times faster than Checkov",
            met=bulk["checkov"].seconds >= 20 * bulk["assay"].seconds,
        ),
        verdict(
            "peak memory under 150 MB",
            met=max(cold["assay"].mebibytes, bulk["assay"].mebibytes) < 150e6 / 2**20,
        ),
    ]
    return 0 if all(met) else 1


def _commands(files: Sequence[Path], folder: Path | None = None) -> dict[str, list[str]]:
    place = f"{folder or files[0]}"
    checkov = [f"{_BIN}/checkov", *(["-d", place] if folder else ["-f", place]), "--quiet"]
    return {
        "assay": [f"{_BIN}/assay", "check", place, "--engine", "assay", "--quiet"],
        "cfn-lint": [f"{_BIN}/cfn-lint", *map(str, files)],
        "checkov": checkov,
        "checkov, CloudFormation only": [*checkov, "--framework", "cloudformation", "--compact"],
    }


if __name__ == "__main__":
    sys.exit(main())
