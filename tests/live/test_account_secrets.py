"""What an account shows in clear is masked before it is kept, and still judged."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path

import pytest
from auditing import audited
from seeding import read_scenario, seed

from analyzer.output import FORMATS, render

FOLDER = Path(__file__).parents[2] / "fixtures" / "live"
SECRET = "correct-horse-battery"  # noqa: S105 - of the scenarios: it must appear nowhere


@pytest.mark.parametrize(
    ("name", "rule"),
    [("compute", "ENC-EC2-01"), ("serverless", "ENC-LAM-02"), ("containers", "ENC-ECS-01")],
)
def test_a_secret_of_an_account_is_found_and_never_kept_or_shown(aws, tmp_path, name, rule):
    text = (FOLDER / f"{name}.yaml").read_text()
    assert SECRET in text
    seed(read_scenario(FOLDER / f"{name}.yaml"), aws.client)

    audit = audited(aws.url, tmp_path / "kept")

    failed = [f for f in audit.run.judgements[0].findings if f.failed and f.rule == rule]
    assert failed
    kept = [gzip.decompress(file.read_bytes()) for file in tmp_path.rglob("*.json.gz")]
    assert kept
    decoded = [
        base64.b64decode(text[: len(text) // 4 * 4])
        for part in kept
        for text in re.findall(rb"[A-Za-z0-9+/]{24,}", part)
    ]
    assert not any(SECRET.encode() in part for part in (*kept, *decoded))
    for format_ in FORMATS:
        assert SECRET not in render(audit.run, format_)
