"""The templates that the documentation offers are as compliant as what they help to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.content import content
from analyzer.findings import Verdict
from analyzer.inputs import Deployment, find_systems
from analyzer.policy.pack import load_packs
from analyzer.request import Request
from analyzer.run import run
from tests.run.systems import TODAY

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["audit-role.yaml", "nightly.yaml"])
def test_an_offered_template_has_no_failure(name):
    systems = find_systems([DOCS / name], Deployment()).systems
    result = run(Request(systems, TODAY, rules=load_packs([content("rules")])))

    found = [f for j in result.judgements for f in j.findings]
    assert [f for f in found if f.verdict in (Verdict.FAIL, Verdict.UNKNOWN)] == []
    assert any(f.verdict is Verdict.PASS for f in found)
    assert result.complete
