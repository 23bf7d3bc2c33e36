"""Speed, memory and calls of an audit, against an emulated account, beside Prowler.

    python benchmarks/audit.py [--prowler COMMAND]

The account has a few hundred resources and is made by direct calls. Both tools run one after the
other in the same run, as processes of their own; calls are counted by the gate in front of the
emulator, memory is the peak resident size that Linux reports. The emulator shares the
machine's processors with the tool that asks it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "live"))

from emulator import CREDENTIALS, Emulator, emulator

_ASSAY = Path(sys.executable).parent / "assay"
_TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
    '{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)
_SERVICES = "ec2 vpc rds s3 iam kms elbv2 autoscaling efs backup cloudwatch secretsmanager sqs sns"
TARGETS = {"seconds": 10.0, "mib": 150.0, "calls": 1000, "report": 2.0}


@dataclass(frozen=True)
class Measured:
    """One run of one tool."""

    name: str
    seconds: float
    mib: float
    calls: int
    output_mib: float
    code: int


def main() -> int:
    """Make the account, measure, print a table; 1 where a target of ours is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--prowler", default="", help="Prowler's command, measured beside ours.")
    options = parser.parse_args()
    with emulator() as aws, tempfile.TemporaryDirectory() as folder:
        number = _make(aws)
        print(f"{number} resources in one region")
        report = f"{folder}/report.html"
        ours = _measured(
            "assay", aws, Path(folder), [report],
            [_ASSAY, "audit", "--endpoint-url", aws.url, "--region", "us-east-1",
             "--snapshot", f"{folder}/snapshot", "--output", report, "--quiet"],
        )  # fmt: skip
        rows = [ours]
        if options.prowler:
            out = f"{folder}/prowler"
            rows.append(
                _measured(
                    "prowler",
                    aws,
                    Path(folder),
                    [out],
                    [
                        *options.prowler.split(),
                        "aws",
                        "-f",
                        "us-east-1",
                        "-o",
                        out,
                        "--services",
                        *_SERVICES.split(),
                        "-z",
                        "-b",
                    ],
                )
            )
    print(f"{'':10} {'seconds':>8} {'MiB':>6} {'calls':>6} {'output MiB':>11} {'exit':>5}")
    for row in rows:
        print(
            f"{row.name:10} {row.seconds:8.1f} {row.mib:6.0f} {row.calls:6}"
            f" {row.output_mib:11.2f} {row.code:5}"
        )
    missed = [
        name
        for name, value in (
            ("seconds", ours.seconds),
            ("mib", ours.mib),
            ("calls", ours.calls),
            ("report", ours.output_mib),
        )
        if value > TARGETS[name]
    ]
    print("targets:", f"missed {missed}" if missed else "all met", TARGETS)
    return 1 if missed else 0


def _measured(
    name: str, aws: Emulator, folder: Path, outputs: list[str], command: list[object]
) -> Measured:
    aws.gate.requests.clear()
    environment = {
        **os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": aws.url, "HOME": str(folder),
    }  # fmt: skip
    started = time.monotonic()
    done = subprocess.Popen(
        [f"{part}" for part in command],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0.0
    while done.poll() is None:
        peak = max(peak, _peak(done.pid))
        time.sleep(0.02)
    return Measured(
        name,
        time.monotonic() - started,
        peak,
        len(aws.gate.requests),
        sum(_size(Path(output)) for output in outputs) / 1024**2,
        done.returncode,
    )


def _peak(process: int) -> float:
    """The highest resident size of a process so far, MiB; what it was forked from not counted."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.is_file() else 0


def _make(aws: Emulator) -> int:
    """A few hundred resources; how many."""
    ec2, s3, rds, iam = (aws.client(name) for name in ("ec2", "s3", "rds", "iam"))
    kms, sqs, sns, logs = (aws.client(name) for name in ("kms", "sqs", "sns", "logs"))
    for number in range(60):
        s3.create_bucket(Bucket=f"bucket-{number:03}")
        if number % 2:
            s3.put_bucket_versioning(
                Bucket=f"bucket-{number:03}", VersioningConfiguration={"Status": "Enabled"}
            )
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for number in range(60):
        group = ec2.create_security_group(
            GroupName=f"group-{number}", Description="group", VpcId=vpc
        )["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 22 if number % 7 == 0 else 443,
                    "ToPort": 22 if number % 7 == 0 else 443,
                    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                }
            ],
        )
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=20, MaxCount=20, SubnetId=subnet)
    for number in range(40):
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=10, Encrypted=bool(number % 2))
        iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=_TRUST)
    for number in range(20):
        rds.create_db_instance(
            DBInstanceIdentifier=f"db-{number}",
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            EngineVersion="8.0.36",
            AllocatedStorage=20,
            MasterUsername="admin",
            MasterUserPassword="not-shown",
        )
        kms.create_key(Description=f"key {number}")
        iam.create_user(UserName=f"user-{number}")
        sqs.create_queue(QueueName=f"queue-{number}")
        sns.create_topic(Name=f"topic-{number}")
        logs.create_log_group(logGroupName=f"/log/{number}")
    return 60 + 60 + 20 + 40 + 40 + 20 * 6 + 2


if __name__ == "__main__":
    sys.exit(main())
