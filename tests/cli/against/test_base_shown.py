"""How a change is told."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.against.conftest import Change, database, group, shop, template


def test_a_page_of_what_changed_is_written_beside_the_text(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    ended = change.check(".", "--output", "change.md")
    assert ended.out.splitlines()[1].startswith("against main at ")
    assert "NET-SG-01" in Path("change.md").read_text()


def test_text_tells_what_is_new_and_counts_the_rest(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, 3389), database(days="7")))
    out = change.check().out
    assert "lets 0.0.0.0/0 in on TCP port 3389" in out
    assert "lets 0.0.0.0/0 in on TCP port 22" not in out
    assert "  fixed BAK-RDS-01 Database" in out
    assert "  as before: " in out


def test_text_tells_what_a_profile_without_resources_costs_no_more(change: Change) -> None:
    change.base(architecture_yaml=shop(), template_yaml=template(database()))
    change.made.write("architecture.yaml", shop().replace("prod:", "prod:\n    stacks: []"))
    assert re.search(r"prod: 0\.00 USD, [0-9.]+ USD before \(-", change.check().out)


def test_text_says_in_which_profiles_something_was_mended(change: Change) -> None:
    two = shop() + "  dev: {policy: {backup_days: 1}}\n"
    change.base(architecture_yaml=two, template_yaml=template(database(days="3")))
    change.made.write("template.yaml", template(database(days="7")))
    lines = change.check().out.splitlines()
    (mended,) = (line for line in lines if "fixed BAK-RDS-01" in line)
    assert "(prod)" in mended
    assert lines.index("fixed") > next(n for n, line in enumerate(lines) if "as before:" in line)


def test_text_and_comment_count_what_profiles_share_once(change: Change) -> None:
    two = shop() + "  dev: {}\n"
    change.base(architecture_yaml=two, template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    last = change.check(".", "--output", "change.comment.md").out.splitlines()[-1]
    comment = Path("change.comment.md").read_text().splitlines()[0]
    new, _, before = last.partition("; as before ")
    assert re.fullmatch(r"[1-9]\d* new failures?", new)
    assert new in comment
    assert before.endswith("in 2 profiles of 1 system.")


def test_a_system_has_no_type_in_text(change: Change) -> None:
    change.base(architecture_yaml=shop(amount=1), template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443), database()))
    assert "      shop architecture.yaml:6" in change.check().out.splitlines()


def test_a_report_is_compared_too(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    ended = change.assay("report", ".", "--base", "main", "--engine", "assay")
    assert (ended.code, Path("report.html").is_file()) == (0, True)
    assert "new failures" in ended.out
