"""The report's sections: the change, fixes with prices, what is declared beside what is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analyzer.comparison import Base
from analyzer.cost_lines import CostLine, DeclaredLine, LineKind
from analyzer.findings import Change, Finding, Fix, Remedy, Severity, Verdict, Waiver
from analyzer.output.html import html, patched
from analyzer.output.html_declared import Quantity, costs, deployed_of
from analyzer.output.html_fixes import fix_list, settled
from analyzer.output.html_view import view
from analyzer.output.html_waivers import waivers
from analyzer.results import CoverageLine, Judgement, Run
from tests.output.sample import TODAY, sample_run
from tests.output.sample_compared import compared_run

PATCH = "--- a/shop.yaml\n+++ b/shop.yaml\n@@ -1 +1,2 @@\n Encrypted:\n+  true\n"


def failure(rule: str, severity: Severity = Severity.HIGH, remedy: Remedy | None = None) -> Finding:
    return Finding(
        rule,
        Verdict.FAIL,
        severity,
        "encryption",
        "Database",
        "AWS::RDS::DBInstance",
        fix=Fix({"StorageEncrypted": True}),
        remedy=remedy,
    )


def priced(low: int, high: int | None = None, *, safe: bool = True, diff: str = "") -> Remedy:
    usd_high = Decimal(low if high is None else high)
    return Remedy("template", diff or f"+{low}", safe, True, "", Decimal(low), usd_high)


def section(text: str, id_: str) -> str:
    start = text.index(f'id="{id_}"')
    return text[start : text.index("</section>", start)]


def test_fixes_stand_worst_first_then_cheapest_first() -> None:
    found = fix_list(
        [
            failure("A", Severity.LOW, priced(1)),
            failure("B", Severity.HIGH, priced(9)),
            failure("C", Severity.HIGH, priced(2)),
            failure("D", Severity.HIGH),
        ]
    )
    assert [row.findings[0].rule for row in found.rows] == ["C", "B", "D", "A"]


def test_a_patch_that_settles_two_failures_is_paid_once() -> None:
    found = fix_list([failure("A", remedy=priced(5, diff=PATCH)),
                      failure("B", remedy=priced(5, diff=PATCH))])  # fmt: skip
    assert found.every.low == Decimal(5)
    assert found.rows[0].places == (("Database", ("A", "B")),)


def test_totals_are_ranges_and_tell_the_safe_ones_apart() -> None:
    found = fix_list(
        [
            failure("A", remedy=priced(1, 3)),
            failure("B", remedy=priced(10, safe=False)),
            failure("C"),
        ]
    )
    assert (found.every.low, found.every.high, found.every.unpriced) == (11, 13, 1)
    assert (found.safe.count, found.safe.low, found.safe.high) == (1, 1, 3)


def test_a_failure_without_a_fix_is_counted_as_work_by_hand() -> None:
    found = fix_list([replace(failure("A"), fix=None), failure("B")])
    assert (found.by_hand, len(found.rows)) == (1, 1)


def test_a_list_that_is_cut_says_by_how_much_and_sums_everything() -> None:
    found = fix_list([failure(f"R{n}", remedy=priced(n)) for n in range(1, 6)], most=2)
    assert (len(found.rows), found.left_out, found.every.low) == (2, 3, 15)


def test_what_one_failure_lacks_the_price_of_all_lacks() -> None:
    with_fix = failure("A", remedy=priced(4))
    assert settled([with_fix, replace(failure("B"), fix=None)]) is None
    total = settled([with_fix])
    assert total
    assert total.low == 4


def test_a_patch_names_its_file() -> None:
    assert patched(PATCH) == "shop.yaml"
    assert patched("+ nothing") == ""


def test_the_fix_list_shows_patches_folded_with_their_prices() -> None:
    text = section(html(compared_run()), "projet-e4.as-built.fixes")
    assert "<ins>+          Encrypted: true</ins>" in text
    assert "+1.00 to +9.00" in text
    assert "StorageEncrypted replaces the database" in text


def test_the_change_stands_on_top_and_only_where_there_is_a_base() -> None:
    text = html(compared_run())
    assert text.index('id="change"') < text.index('class="card"')
    assert 'id="change"' not in html(sample_run())


def test_the_change_counts_each_finding_once_for_all_profiles() -> None:
    change = view(compared_run()).change
    assert change
    new = [item.finding.rule for _, items in change.listed("new") for item in items]
    assert sorted(new) == ["BAK-S3-01", "ENC-LT-01", "ENC-RDS-01", "NET-SG-01"]
    assert change.new == 4


def test_the_change_says_what_a_profile_cost_before() -> None:
    text = section(html(compared_run()), "change")
    assert re.search(r"as-built</a></th>\s*<td[^>]*>454.81</td>\s*<td[^>]*>479.63", text)
    assert "+24.82" in text
    assert "new profile" in text
    assert "moodle, pilot" in text


def test_the_change_shows_the_waivers_that_it_adds_before_its_findings() -> None:
    text = section(html(compared_run()), "change")
    assert text.index("The change adds 1 waiver") < text.index("New failures")


def test_the_change_tells_who_may_do_more() -> None:
    text = section(html(compared_run()), "change")
    assert "WebRole" in text
    assert "CiRole" not in text


@pytest.mark.parametrize(
    ("policy", "words"), [("base", "are those of the base."), ("change", "of the change itself.")]
)
def test_the_change_says_whose_policy_judged(policy: str, words: str) -> None:
    run = replace(sample_run(), base=Base("main", "", policy))
    assert words in section(html(run), "change")


def test_findings_that_are_new_say_so() -> None:
    text = section(html(compared_run()), "projet-e4.as-built.fail")
    new = sum(f.change is Change.NEW for f in compared_run().judgements[5].findings if f.failed)
    assert text.count('class="tag">new<') == new > 0


def test_waivers_stand_by_when_they_end() -> None:
    found = waivers(sample_run())
    assert [row.waiver.until for row in found.soon] == [date(2026, 12, 15)]
    assert [row.waiver.until for row in found.later] == [date(2027, 3, 31)]
    assert [row.waiver.until for row in found.endless] == [None]
    assert found.soon[0].days == (date(2026, 12, 15) - TODAY).days
    assert found.soon[0].profiles == ("medium", "quiz-coach", "university")


def test_a_waiver_ends_soon_on_the_thirtieth_day() -> None:
    def waived(days: int) -> Finding:
        ends = Waiver("TEST-01", f"Thing{days}", "so", until=TODAY + timedelta(days=days))
        failed = Finding("TEST-01", Verdict.FAIL, Severity.LOW, "test", f"Thing{days}", "")
        return replace(failed, waiver=ends)

    judgement = Judgement("shop", "", findings=tuple(map(waived, (0, 30, 31))))
    found = waivers(Run("1", TODAY, (judgement,), {}))
    assert [row.days for row in found.soon] == [0, 30]
    assert [row.days for row in found.later] == [31]


def test_waivers_that_expired_are_listed_too() -> None:
    text = section(html(sample_run()), "waivers")
    assert text.index("expired on 2026-10-31") < text.index("Within 30 days")


def deployed_run() -> Run:
    """The system moodle as its account has it, beside its templates."""
    run = sample_run()
    found = replace(
        run.judgements[0].findings[2],
        rule="NET-SG-01",
        account="123456789012",
        location=None,
        excerpt=None,
    )
    line = CostLine("sg-1", "AWS::EC2::Instance", "EC2", "instance-hours", LineKind.PRICED,
                    usd=Decimal("99.10"))  # fmt: skip
    live = Judgement("moodle", "live", findings=(found,), cost=(line,))
    coverage = (CoverageLine("123456789012", "eu-west-3", "ec2", 1, 1, read_at="2026-11-20"),)
    return replace(run, judgements=(run.judgements[0], live), coverage=coverage)


def test_what_is_deployed_has_a_column_only_where_it_was_read() -> None:
    assert ">Deployed</th>" not in html(sample_run())
    text = html(deployed_run())
    assert ">Deployed</th>" in section(text, "moodle.medium.claims")
    assert "99.10" in section(text, "moodle.medium.cost")


def test_a_control_that_holds_as_authored_may_fail_as_deployed() -> None:
    part = view(deployed_run()).parts[0]
    ports = next(control for control in part.controls if control.claim.id == "ports")
    assert (ports.claim.verdict, ports.deployed) == (Verdict.PASS, Verdict.FAIL)


def test_templates_are_nobodys_deployment() -> None:
    run = deployed_run()
    assert deployed_of(run, run.judgements[1]) is None
    assert deployed_of(replace(run, coverage=()), run.judgements[0]) is None


def test_authored_quantities_are_summed_by_charge() -> None:
    rows = {row.line.name: row for row in view(sample_run()).parts[0].costs}
    aurora = rows["Aurora db.t3.medium Multi-AZ"]
    assert aurora.quantities == (
        Quantity("RDS/instance-hours", Decimal(1460), "h"),
        Quantity("RDS/storage", Decimal(100), "GiB"),
    )


def covering(*globs: tuple[str, ...]) -> Judgement:
    """The first profile of the sample, whose owner's table has lines for some globs."""
    judgement = sample_run().judgements[0]
    declared = judgement.declared
    assert declared
    zero = Decimal(0)
    lines = tuple(DeclaredLine(f"{one}", zero, zero, zero, covers=one) for one in globs)
    return replace(judgement, declared=replace(declared, lines=lines))


def test_globs_find_authored_quantities_and_what_is_deployed() -> None:
    rows, _ = costs(covering(("EC2/*",)), deployed_run().judgements[1])
    assert rows[0].quantities == (Quantity("EC2/instance-hours", Decimal(1460), "h"),)
    assert rows[0].deployed == Decimal("99.10")


def test_a_charge_is_the_first_lines_that_covers_it() -> None:
    rows, _ = costs(covering(("EFS/storage",), ("EFS/*",)), None)
    charges = [[each.charge for each in row.quantities] for row in rows]
    assert charges == [["EFS/storage"], ["EFS/provisioned-throughput"]]


def test_what_is_given_free_is_told_beside_what_is_used() -> None:
    judgement = covering(("CloudFront/*",))
    given = CostLine("account", "", "CloudFront", "data-out", LineKind.PRICED, Decimal(-1000),
                     "GiB", usd=Decimal(-85))  # fmt: skip
    rows, _ = costs(replace(judgement, cost=(*judgement.cost, given)), None)
    assert rows[0].quantities == (
        Quantity("CloudFront/data-out", Decimal(1024), "GiB", Decimal(1000)),
    )


def test_what_the_owner_left_out_has_its_quantity_too() -> None:
    text = section(html(sample_run()), "moodle.medium.cost")
    row = text[text.index(">EFS/provisioned-throughput<") :]
    assert "75\N{NO-BREAK SPACE}MiBps" in row[: row.index("</tr>")].replace("&nbsp;", "\xa0")


def test_the_method_names_prices_rates_and_their_dates() -> None:
    text = section(html(sample_run()), "method")
    assert "AWS price list, AmazonEC2 offer of 2026-11-14" in text
    assert "1 EUR = 1.16 USD" in text
    assert "2026-11-20" in text
    assert "1.58.0" in text


def test_a_patch_that_is_too_long_for_a_page_is_counted() -> None:
    whole = f"+++ b/shop.json\n-{'x' * 40_000}\n+{'y' * 40_000}\n"
    found = fix_list([failure("A", remedy=priced(1, diff=whole)), failure("B", remedy=priced(2))])
    assert [bool(row.patch) for row in found.rows] == [False, True]
    assert found.unshown == 1


def test_what_was_judged_is_that_of_all_profiles() -> None:
    run = sample_run()
    first, second, *_ = run.judgements
    other = replace(
        second, templates=("second.yaml",), regions=("eu-north-1",), resources=first.resources[:1]
    )
    text = section(html(replace(run, judgements=(first, other))), "method")
    row = text[text.index(">moodle<") : text.index("</tr>", text.index(">moodle<"))]
    assert all(word in row for word in (first.templates[0], "second.yaml", "eu-north-1"))
    assert f'<td class="n">{len(first.resources)}</td>' in row
