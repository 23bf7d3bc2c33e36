"""`assay check --watch` as an author meets it: a process, files that are edited, and Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from analyzer.cli.watching import stamps
from tests.cli.conftest import Assay

ROOT = Path(__file__).parent.parent.parent
CODE = "from analyzer.cli.main import main; main()"
GOOD = """\
Resources:
  Volume:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: us-east-1a, Size: 1, Encrypted: true}
"""
BAD = GOOD.replace("Encrypted: true", "Encrypted: false")
SECONDS = 30


class Watched:
    """A running `assay check --watch`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, "check", *arguments, "--watch", "--engine", "assay"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": f"{ROOT}", "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip())

    def until(self, words: str) -> list[str]:
        """The lines up to the one that has these words."""
        told: list[str] = []
        while not told or words not in told[-1]:
            told.append(self.lines.get(timeout=SECONDS))
        return told

    def silent(self, seconds: float) -> bool:
        """Whether nothing is told for a while."""
        try:
            self.lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def stopped(self) -> int:
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        self.reader.join(SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Let Ctrl-C reach what is started, also where the tests run in the background.

    There it is ignored, and processes hand that on.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.fixture
def watched(template: Path) -> Iterator[Watched]:
    """A watch over the folder of the template, after its first round."""
    with closing(Watched(template.parent, ".", "--fail-on", "high")) as watch:
        assert watch.until("Ctrl-C stops")[-1] == "assay: watching 1 file; Ctrl-C stops"
        yield watch


def test_only_what_changed_is_told_and_how_long_it_took(watched: Watched, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    told = watched.until(" s)")

    assert any("HIGH" in line and "ENC-EBS-01" in line for line in told)
    assert not any("BAK-" in line or "CST-" in line for line in told)
    template.write_text(GOOD, encoding="utf-8")
    told = watched.until(" s)")
    assert [line for line in told if "ENC-EBS-01" in line] == [
        line for line in told if line.startswith("  fixed ENC-EBS-01 Volume")
    ]
    assert "fixed in template.yaml" in told


def test_a_file_that_an_editor_replaces_is_judged_again(watched: Watched, template: Path) -> None:
    backup, new = template.with_suffix(".yaml~"), template.with_suffix(".new")
    new.write_text(BAD, encoding="utf-8")
    template.rename(backup)
    new.rename(template)

    assert any("ENC-EBS-01" in line for line in watched.until(" s)"))


def test_a_broken_file_is_one_line_and_nothing_of_it_is_fixed(
    watched: Watched, template: Path
) -> None:
    template.write_text(BAD, encoding="utf-8")
    watched.until(" s)")
    template.write_text(f"{BAD}  Other: [", encoding="utf-8")
    told = watched.until(" s)")

    assert sum("is not valid YAML" in line for line in told) == 1
    assert not any("fixed" in line for line in told)
    template.write_text(BAD + "# mended\n", encoding="utf-8")
    told = watched.until(" s)")
    assert not any("ENC-EBS-01" in line for line in told)


def test_a_deleted_file_is_one_line_and_one_that_comes_is_judged(
    watched: Watched, template: Path
) -> None:
    (template.parent / "other.yaml").write_text(BAD, encoding="utf-8")
    assert any("other.yaml" in line and "new" in line for line in watched.until(" s)"))
    (template.parent / "other.yaml").unlink()

    assert [line for line in watched.until(" s)") if "not judged" in line] == [
        "not judged: other.yaml"
    ]
    template.write_text(f"{GOOD}# a round later\n", encoding="utf-8")
    assert not any("other.yaml" in line for line in watched.until(" s)"))


def test_what_is_waived_is_not_called_fixed(watched: Watched, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    watched.until(" s)")
    soon = date.today() + timedelta(days=30)  # noqa: DTZ011 - the user's own day, as assay has it
    waiver = f"{{rule: ENC-EBS-01, resource: Volume, reason: soon gone, until: {soon}}}"
    (template.parent / "assay.yaml").write_text(f"waivers: [{waiver}]\n", encoding="utf-8")

    told = watched.until(" s)")
    assert [line for line in told if "ENC-EBS-01" in line] == [
        line for line in told if line.startswith("  waived ENC-EBS-01 Volume")
    ]
    assert not any("fixed" in line for line in told)


def test_a_waiver_in_the_configuration_counts_at_once(watched: Watched, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    watched.until(" s)")
    (template.parent / "assay.yaml").write_text("waivers: [", encoding="utf-8")
    assert any("assay.yaml" in line and "YAML" in line for line in watched.until(" s)"))
    (template.parent / "assay.yaml").write_text("policy: {}\n", encoding="utf-8")
    assert not any("ENC-EBS-01" in line for line in watched.until(" s)"))


def test_a_pack_that_is_edited_judges_by_its_new_text(template: Path, tmp_path: Path) -> None:
    pack = tmp_path / "own" / "pack.py"
    pack.parent.mkdir()
    rule = (
        'from analyzer.policy import Fail, rule\n\n@rule("OWN-EBS-01", severity="high", '
        'on="AWS::EC2::Volume")\ndef small(volume):\n    """Is small."""\n'
        '    if volume.Size > {0}:\n        return Fail("is larger than {0}", at="Size")\n'
    )
    pack.write_text(rule.format(10), encoding="utf-8")
    with closing(Watched(tmp_path, "template.yaml", "--pack", "own")) as watch:
        assert not any("OWN-EBS-01" in line for line in watch.until("Ctrl-C stops"))

        pack.write_text(rule.format(0), encoding="utf-8")

        assert any("is larger than 0" in line for line in watch.until(" s)"))


def test_what_it_writes_itself_starts_no_round(template: Path) -> None:
    with closing(Watched(template.parent, ".", "--output", "run.json")) as watch:
        watch.until("Ctrl-C stops")

        assert watch.silent(1.5)


def test_ctrl_c_ends_with_the_code_of_the_last_round(watched: Watched, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    watched.until(" s)")

    assert watched.stopped() == 1


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    with closing(Watched(tmp_path, "later.yaml", "--fail-on", "high")) as watch:
        assert any("does not exist" in line for line in watch.until("Ctrl-C stops"))
        (tmp_path / "later.yaml").write_text(GOOD, encoding="utf-8")
        watch.until(" s)")

        assert watch.stopped() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "standard input cannot be watched"),
        (["x.yaml", "--format", "json"], "--watch prints text"),
        (["x.yaml", "--store", "runs"], "--watch keeps and sends nothing"),
        (["x.yaml", "--webhook", "https://x.example"], "--watch keeps and sends nothing"),
    ],
)
def test_what_cannot_be_watched_is_bad_usage(
    assay: Assay, arguments: list[str], message: str
) -> None:
    ended = assay("check", *arguments, "--watch")

    assert ended.code == 2
    assert message in ended.err


def test_a_folder_that_holds_itself_is_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("", encoding="utf-8")

    assert list(stamps([tmp_path])) == [tmp_path / "a.yaml"]
