"""`assay iam compare`: what one policy allows more than another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay, Ended
from tests.cli.iam.conftest import (
    ANYBODY,
    ARCHITECTURE,
    FULL,
    PARTNER,
    READS,
    TEMPLATE,
    WRITES_TOO,
    file_of,
    found,
)


@pytest.mark.parametrize(
    ("old", "new", "code", "more", "less"),
    [
        (READS, READS, 0, "no", "no"),
        (READS, WRITES_TOO, 1, "yes", "no"),
        (WRITES_TOO, READS, 0, "no", "yes"),
        (READS, {"policy": FULL, "boundary": READS}, 0, "no", "no"),
        (PARTNER, ANYBODY, 1, "yes", "no"),
    ],
)
def test_two_policies_are_compared(
    assay: Assay, tmp_path: Path, old: Any, new: Any, code: int, more: str, less: str
) -> None:
    before, after = file_of(tmp_path, "old.json", old), file_of(tmp_path, "new.json", new)
    ended = assay("iam", "compare", before, after, "--format", "json")

    answered = found(ended)
    assert answered["b_allows_more_than_a"] == more
    assert answered["a_allows_more_than_b"] == less
    assert set(answered["examples"]) == {
        key for key in ("b_allows_more_than_a", "a_allows_more_than_b") if answered[key] == "yes"
    }
    assert ended.code == code


def test_the_text_names_a_request(assay: Assay, tmp_path: Path) -> None:
    old, new = file_of(tmp_path, "old.json", READS), file_of(tmp_path, "new.json", WRITES_TOO)
    wider, narrower = assay("iam", "compare", old, new), assay("iam", "compare", new, old)

    assert "allows what the old one did not" in wider.out
    assert "for example s3:PutObject on arn:aws:s3:::shop/" in wider.out
    assert "no new access" in narrower.out
    assert "no longer allowed: s3:PutObject" in narrower.out


def test_one_resource_of_a_file_is_named_behind_it(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    ended = assay(
        "iam",
        "compare",
        file_of(tmp_path, "old.json", READS),
        f"{template}#Role",
        "--format",
        "json",
    )

    answered = found(ended)
    assert answered["of"].endswith("/Role")
    assert (answered["a_allows_more_than_b"], ended.code) == ("no", 0)


def test_what_hangs_on_a_parameter_ends_with_3(assay: Assay, tmp_path: Path) -> None:
    text = TEMPLATE.replace(', Default: "s3:GetObject"', "")
    file = file_of(tmp_path, "open.yaml", text)
    ended = assay("iam", "compare", file_of(tmp_path, "old.json", READS), f"{file}#Role")

    assert "may allow what the old one did not" in ended.out
    assert "hangs on" in ended.out
    assert "parameter `Actions`" in ended.out
    assert ended.code == 3


def test_trust_is_compared_by_its_kind(assay: Assay, template: Path) -> None:
    arguments = (f"{template}#Role", f"{template}#Other", "--kind", "trust", "--format", "json")
    ended = assay("iam", "compare", *arguments)

    assert found(ended)["b_allows_more_than_a"] == "yes"
    assert ended.code == 1


def verdicts(ended: Ended) -> dict[str, str]:
    return {one["of"]: one["b_allows_more_than_a"] for one in found(ended)}


def test_whole_templates_are_compared_role_by_role(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    wider = TEMPLATE.replace("arn:aws:s3:::shop/*", "arn:aws:s3:::*").replace("Guest:", "New:")
    after = file_of(tmp_path, "after.yaml", wider.replace("[made-elsewhere]", "[]"))
    ended = assay("iam", "compare", template, after, "--format", "json")

    wanted = {"Role": "yes", "Other": "no", "Administrators": "no", "Member": "no", "New": "no"}
    assert verdicts(ended) == wanted
    assert ended.code == 1


def test_what_is_new_is_compared_with_nothing(assay: Assay, template: Path, tmp_path: Path) -> None:
    before = file_of(tmp_path, "before.yaml", TEMPLATE.replace("  Role:", "  Former:"))
    ended = assay("iam", "compare", before, template, "--format", "json")

    assert verdicts(ended)["Role"] == "yes"
    assert "Former" not in verdicts(ended)


def test_folders_are_compared_file_by_file(assay: Assay, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        for name in ("a.yaml", "b.yaml"):
            file_of(tmp_path / folder, name, TEMPLATE.replace("[made-elsewhere]", "[]"))
    ended = assay("iam", "compare", "old", tmp_path / "new", "--format", "json")

    assert set(verdicts(ended)) >= {"a.yaml Role", "b.yaml Role"}
    assert set(verdicts(ended).values()) == {"no"}
    assert ended.code == 0


def test_an_id_that_two_stacks_have_is_compared_twice(assay: Assay, shop: Path) -> None:
    line = "  app: {template: template.yaml, region: eu-west-3, parameters: {Elsewhere: other}}\n"
    text = ARCHITECTURE.replace(line, line + line.replace("app:", "api:"))
    file_of(shop, "architecture.yaml", text)
    ended = assay("iam", "compare", shop, shop, "--profile", "prod", "--format", "json")

    assert {"app/Role", "api/Role"} <= verdicts(ended).keys()


def test_the_profiles_of_an_architecture_are_compared_one_by_one(assay: Assay, shop: Path) -> None:
    one = assay("iam", "compare", shop, shop, "--profile", "prod", "--format", "json")
    both = assay("iam", "compare", shop, shop, "--format", "json")

    assert verdicts(one)["Role"] == "no"
    assert verdicts(both).keys() >= {"shop dev Role", "shop prod Role"}
