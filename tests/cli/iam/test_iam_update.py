"""`assay iam update`: the list of actions made again."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

from analyzer.iam.service_reference import ServiceReference
from tests.cli.conftest import Assay
from tests.cli.iam.conftest import file_of


def package(folder: Path) -> Path:
    """A made-up package of one service with two actions."""
    data = folder / "data"
    for name in ("actions", "resourceTypes"):
        (data / name).mkdir(parents=True)
    stated = {"version": "9.9.9", "updatedAt": "2026-11-20T00:00:00Z"}
    file_of(folder, "package.json", stated)
    file_of(data, "services.json", ["shop"])
    types = {"cart": {"key": "Cart", "arn": "arn:${Partition}:shop:::cart/${Id}"}}
    file_of(data / "resourceTypes", "shop.json", types)
    actions = {
        "getcart": {
            "name": "GetCart",
            "accessLevel": "Read",
            "resourceTypes": [{"name": "Cart", "required": True}],
        },
        "listcarts": {"name": "ListCarts", "accessLevel": "List", "resourceTypes": []},
    }
    file_of(data / "actions", "shop.json", actions)
    return folder


def reference_in(folder: Path) -> ServiceReference:
    file = folder / "service_reference.json.gz"
    return ServiceReference(json.loads(gzip.decompress(file.read_bytes())))


def test_a_package_becomes_the_reference(assay: Assay, tmp_path: Path) -> None:
    ended = assay("iam", "update", "--from", package(tmp_path / "p"), "--to", tmp_path / "out")

    assert ended.code == 0
    assert "2 actions as of 2026-11-20" in ended.out
    reference = reference_in(tmp_path / "out")
    assert list(reference.services) == ["shop"]
    action = reference.action("shop:getcart")
    assert action is not None
    assert (action.name, action.level, action.required) == ("shop:GetCart", "R", ("cart",))
    assert reference.arn("shop", "cart") == "arn:${Partition}:shop:::cart/${Id}"


def test_an_archive_is_read_as_its_folder(assay: Assay, tmp_path: Path) -> None:
    folder, archive = package(tmp_path / "p"), tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(folder, "package")
    for source, target in ((folder, "one"), (archive, "other")):
        assert assay("iam", "update", "--from", source, "--to", tmp_path / target).code == 0

    one, other = (
        (tmp_path / name / "service_reference.json.gz").read_bytes() for name in ("one", "other")
    )
    assert one == other
