from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import PackError
from analyzer.policy.frameworks import load_frameworks
from analyzer.policy.pack import load_packs

RULE = '''\
from analyzer.policy import Fail, Resource, rule


@rule("{id}", severity="{severity}", on="AWS::S3::Bucket")
def judged(bucket: Resource, *, days: int = 7, names: tuple[str, ...] = ("a",)) -> Fail | None:
    """Bucket is judged.

    Because it
    matters.

    Fix: change
        it.
    Source: a page.
    """
'''


UNDOCUMENTED = """\
from analyzer.policy import rule


@rule("TST-S3-01", severity="high", on="AWS::S3::Bucket")
def judged(bucket): ...
"""


def pack(folder: Path, text: str = "", **values: str) -> Path:
    given = {"id": "TST-S3-01", "severity": "high", **values}
    file = folder / "backup" / "s3.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text or RULE.format(**given), encoding="utf-8")
    return folder


def test_a_rule_tells_everything_by_its_decorator_and_docstring(tmp_path: Path) -> None:
    rule = load_packs([pack(tmp_path)])["TST-S3-01"]
    assert rule.info.title == "Bucket is judged"
    assert rule.info.why == "Because it matters."
    assert rule.info.fix == "change it."
    assert rule.info.source == "a page."
    assert rule.info.family == "backup"
    assert rule.info.types == ("AWS::S3::Bucket",)
    assert rule.settings == {"days": 7, "names": ("a",)}


def test_a_single_file_is_a_pack_of_the_family_custom(tmp_path: Path) -> None:
    file = pack(tmp_path) / "backup" / "s3.py"
    assert load_packs([file])["TST-S3-01"].info.family == "custom"


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        ({"id": "lower-01"}, 4, "is not of the form"),
        ({"severity": "huge"}, 4, "severity 'huge' of TST-S3-01 is not one of"),
        ({"text": "x = 1\n1 / 0\n"}, 2, "cannot be loaded: ZeroDivisionError"),
        ({"text": "def broken(:\n"}, 1, "cannot be loaded: SyntaxError"),
        ({"text": "import nothing_like_it\n"}, 1, "cannot be loaded: ModuleNotFoundError"),
        ({"text": RULE.replace("days: int = 7", "days: object = []")}, 4, "needs a plain default"),
        ({"text": UNDOCUMENTED}, 4, "has no docstring"),
    ],
)
def test_a_broken_pack_is_one_line_with_its_place(
    tmp_path: Path, change: dict[str, str], line: int, message: str
) -> None:
    text = change.get("text", "")
    if "{id}" in text:
        change = {"text": text.format(id="TST-S3-01", severity="high")}
    with pytest.raises(PackError) as raised:
        load_packs([pack(tmp_path, **change)])
    assert message in raised.value.message
    assert raised.value.file.endswith("s3.py")
    assert raised.value.line == line
    assert "\n" not in str(raised.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    with pytest.raises(PackError, match="TST-S3-01 is already used"):
        load_packs([pack(first), pack(second)])


def test_a_missing_or_empty_pack_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="not found"):
        load_packs([tmp_path / "nowhere"])
    with pytest.raises(PackError, match="no rule in this pack"):
        load_packs([tmp_path])


def test_frameworks_say_which_of_their_controls_a_rule_answers(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        'id: one\ntitle: Framework one\ncontrols: {TST-S3-01: ["1.2", A.3]}\n', encoding="utf-8"
    )
    frameworks = load_frameworks(tmp_path)
    rules = frameworks.applied(load_packs([pack(tmp_path)]))
    assert frameworks.titles == {"one": "Framework one"}
    assert rules["TST-S3-01"].info.frameworks == {"one": ("1.2", "A.3")}


@pytest.mark.parametrize("text", ["a: [", "title: x\n", "- 1\n", "id: x\ntitle: x\ncontrols: 5\n"])
def test_a_broken_framework_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="is not a framework file") as raised:
        load_frameworks(tmp_path)
    assert "\n" not in str(raised.value)
