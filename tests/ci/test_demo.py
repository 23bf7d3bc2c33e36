"""The demonstration: a pull request to the five architectures, judged, mended, and judged again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.ci.commands import ROOT, environment


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """What it prints, and the folder with the comments."""
    folder = tmp_path_factory.mktemp("demonstration")
    ended = subprocess.run(
        [sys.executable, ROOT / "fixtures" / "pull_request" / "demo.py", folder],
        env=environment(ASSAY_SKIP_BROWSER="1"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ended, folder


def test_it_fails_before_the_patch_and_passes_after_it(demonstration):
    ended, _ = demonstration
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1] == "==> exit codes: 1 before, 0 after"


def test_the_comment_tells_what_it_opens_doubles_and_mends(demonstration):
    _, folder = demonstration
    text = (folder / "comment.comment.md").read_text(encoding="utf-8")
    new, rest = text.split("fixed</summary>")

    assert text.startswith("## \N{CROSS MARK} assay: 3 new failures, 1 fixed")
    assert "NET-SG-01" in new
    assert "-        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}" in new
    assert "ENC-RDS-01" in rest
    assert "EC2/instance-hours (t3.medium -&#62; t3.large)" in rest


def test_the_second_comment_has_nothing_new(demonstration):
    _, folder = demonstration
    text = (folder / "comment-mended.comment.md").read_text(encoding="utf-8")
    assert text.startswith("## \N{WHITE HEAVY CHECK MARK} assay: no new failure, 1 fixed")
    assert "NET-SG-01" not in text
