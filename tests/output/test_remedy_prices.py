"""What a patch costs stands beside its finding, whatever the format."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from analyzer.findings import Change, Finding, Remedy, Severity
from analyzer.output import FORMATS, render
from analyzer.results import Run
from tests.output.sample_compared import PATCH, compared_run

_RULE = "ENC-RDS-01"
_PRICE = Decimal("26.28")
_COSTS_ONLY = {"focus"}


def _priced(finding: Finding) -> Finding:
    if finding.rule != _RULE or not finding.failed:
        return finding
    remedy = Remedy("template", PATCH, safe=True, holds=True, usd_low=_PRICE, usd_high=_PRICE)
    return replace(finding, severity=Severity.CRITICAL, change=Change.NEW, remedy=remedy)


@pytest.fixture(scope="module")
def run() -> Run:
    run = compared_run()
    return replace(
        run,
        judgements=tuple(
            replace(one, findings=tuple(map(_priced, one.findings))) for one in run.judgements
        ),
    )


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - _COSTS_ONLY))
def test_every_format_of_findings_tells_the_price_of_a_patch(run: Run, format_: str) -> None:
    assert f"{_PRICE}" in render(run, format_)
