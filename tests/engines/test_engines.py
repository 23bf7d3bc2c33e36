"""Foreign checkers: what they say in our model, and everything that can go wrong with them."""

from __future__ import annotations

import csv
import json
import shutil
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.engines import Cache, EngineSettings, Foreign, Target, merge, run_engines
from analyzer.engines.cfn_lint import CFN_LINT
from analyzer.engines.checkov import CHECKOV
from analyzer.engines.merge import equivalents
from analyzer.model import Location
from analyzer.results import Finding, Severity, Verdict
from tests.rules.pack import RULES

RECORDED = Path(__file__).parent / "recorded"
TEMPLATE = Path("/project/template.yaml")
HAS_CHECKOV = shutil.which("checkov", path=str(Path(sys.executable).parent)) is not None
needs_checkov = pytest.mark.skipif(
    not HAS_CHECKOV, reason="checkov is not in this environment: pip install '.[checkov]'"
)

Fake = Callable[[str], str]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    shutil.copyfile(RECORDED / "template.yaml", file)
    return file


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A checker of our own making in checkov's place; it counts how often it is called."""

    def make(body: str) -> str:
        script = tmp_path / "bin" / "checkov"
        script.parent.mkdir(exist_ok=True)
        calls = tmp_path / "calls"
        script.write_text(
            f"#!{sys.executable}\nimport json, sys, time\n"
            "if '--version' in sys.argv: print('9.9.9'); sys.exit()\n"
            f"open({str(calls)!r}, 'a').write('x')\n"
            "files = sys.argv[sys.argv.index('--file') + 1:]\n" + body,
            encoding="utf-8",
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)

    return make


ANSWER = """
print(json.dumps({"results": {"failed_checks": [
    {"check_id": "CKV_AWS_16", "check_name": "encrypted", "check_result": {},
     "resource": "AWS::RDS::DBInstance.Database", "file_abs_path": file,
     "file_line_range": [6, 15]} for file in files]}}))
"""


def asked(template: Path, cache: Cache | None = None, **settings: object) -> Foreign:
    return run_engines(
        [Target("template.yaml", template)],
        ["checkov"],
        cache=cache or Cache(None),
        settings=EngineSettings(**settings),
    )


def status(foreign: Foreign) -> tuple[str, str]:
    found = next(item for item in foreign.statuses if item.name == "checkov")
    return found.status, found.version


def test_checkov_answers_become_records_with_ids_lines_and_links() -> None:
    answer = CHECKOV.read((RECORDED / "checkov.json").read_text(encoding="utf-8"), [TEMPLATE])
    records = {(record.rule, record.resource): record for record in answer.records[TEMPLATE]}
    failed = records["CKV_AWS_16", "Database"]
    assert failed.verdict is Verdict.FAIL
    assert (failed.line, failed.end_line) == (6, 15)
    assert failed.url.startswith("https://")
    assert failed.type == "AWS::RDS::DBInstance"
    suppressed = records["CKV_AWS_18", "Bucket"]
    assert suppressed.verdict is Verdict.SKIP
    assert "logged by the load balancer" in suppressed.message


def test_cfn_lint_answers_become_records_and_show_no_secret() -> None:
    text = (RECORDED / "cfn_lint.json").read_text(encoding="utf-8")
    files = {Path(match["Filename"]) for match in json.loads(text)}
    answer = CFN_LINT.read(text, sorted(files))
    records = [record for found in answer.records.values() for record in found]
    assert records
    assert all(record.rule[0] in "EWI" and record.url for record in records)
    assert not any("hunter2" in record.message for record in records)


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"results": {"failed_checks": [{"x": 1}]}}', "7"]
)
def test_garbage_is_a_problem_and_no_traceback(template: Path, fake: Fake, text: str) -> None:
    foreign = asked(template, checkov=fake(f"print({text!r})\n"))
    assert status(foreign) == ("failed", "9.9.9")
    assert [problem.kind for problem in foreign.problems] == ["engine"]
    assert "\n" not in str(foreign.problems[0])


def test_a_crash_is_a_problem_with_its_last_words(template: Path, fake: Fake) -> None:
    foreign = asked(template, checkov=fake("sys.exit('out of cheese')\n"))
    assert "out of cheese" in foreign.problems[0].message
    assert foreign.problems[0].file == "template.yaml"


def test_a_checker_that_does_not_end_is_stopped(template: Path, fake: Fake) -> None:
    foreign = asked(template, checkov=fake("time.sleep(60)\n"), seconds=1.0)
    assert status(foreign)[0] == "failed"
    assert "did not end" in foreign.problems[0].message


def test_a_checker_is_found_by_configuration(template: Path, fake: Fake) -> None:
    foreign = asked(template, checkov=fake(ANSWER))
    (finding,) = foreign.findings["template.yaml"]
    assert status(foreign) == ("run", "9.9.9")
    assert (finding.rule, finding.engine, finding.location) == (
        "CKV_AWS_16",
        "checkov",
        Location("template.yaml", 6, 0, 15),
    )


def test_a_configured_checker_that_is_not_there_is_a_problem(template: Path) -> None:
    foreign = asked(template, checkov="/nowhere/checkov")
    assert status(foreign)[0] == "failed"
    assert "checkov is not at '/nowhere/checkov'" in foreign.problems[0].message


def test_without_checkov_the_run_says_so_and_goes_on(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    foreign = asked(template)
    assert status(foreign)[0] == "not installed"
    assert foreign.problems == ()


def test_an_unchanged_file_is_not_checked_twice(template: Path, fake: Fake, tmp_path: Path) -> None:
    checker, cache = fake(ANSWER), Cache(tmp_path / "cache")
    first = asked(template, cache, checkov=checker)
    again = asked(template, cache, checkov=checker)
    assert again.findings == first.findings
    assert (tmp_path / "calls").read_text() == "x"
    template.write_text(template.read_text() + "# changed\n", encoding="utf-8")
    asked(template, cache, checkov=checker)
    assert (tmp_path / "calls").read_text() == "xx"


def test_another_configuration_asks_again(template: Path, fake: Fake, tmp_path: Path) -> None:
    checker, cache = fake(ANSWER), Cache(tmp_path / "cache")
    configured = tmp_path / "checkov.yaml"
    for text in ("a: 1\n", "a: 2\n"):
        configured.write_text(text, encoding="utf-8")
        asked(template, cache, checkov=checker, checkov_config=str(configured))
    assert (tmp_path / "calls").read_text() == "xx"


def test_a_broken_cache_is_as_good_as_none(template: Path, fake: Fake, tmp_path: Path) -> None:
    checker, cache = fake(ANSWER), Cache(tmp_path / "cache")
    first = asked(template, cache, checkov=checker)
    for file in (tmp_path / "cache").rglob("*.json"):
        file.write_text("{", encoding="utf-8")
    assert asked(template, cache, checkov=checker).findings == first.findings


def test_two_runs_may_share_a_cache(template: Path, fake: Fake, tmp_path: Path) -> None:
    checker, cache = fake(ANSWER), Cache(tmp_path / "cache")
    found: list[Foreign] = []
    threads = [
        threading.Thread(target=lambda: found.append(asked(template, cache, checkov=checker)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(foreign.findings) for foreign in found}) == 1
    assert all(status(foreign)[0] == "run" for foreign in found)


def test_one_file_that_breaks_the_checker_costs_only_itself(
    template: Path, fake: Fake, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("Resources: {}\n", encoding="utf-8")
    checker = fake("if any('bad' in file for file in files): sys.exit(3)\n" + ANSWER)
    foreign = run_engines(
        [Target("template.yaml", template), Target("bad.yaml", bad)],
        ["checkov"],
        cache=Cache(None),
        settings=EngineSettings(checkov=checker),
    )
    assert len(foreign.findings["template.yaml"]) == 1
    assert [problem.file for problem in foreign.problems] == ["bad.yaml"]


@needs_checkov
def test_the_real_checkov_finds_and_keeps_to_suppressions(template: Path) -> None:
    foreign = asked(template)
    verdicts = {
        (finding.rule, finding.resource): finding.verdict
        for finding in foreign.findings["template.yaml"]
    }
    assert verdicts["CKV_AWS_16", "Database"] is Verdict.FAIL
    assert verdicts["CKV_AWS_18", "Bucket"] is Verdict.SKIP


def test_the_real_cfn_lint_finds_and_keeps_to_suppressions(template: Path) -> None:
    foreign = run_engines([Target("template.yaml", template)], ["cfn-lint"], cache=Cache(None))
    found = {finding.rule for finding in foreign.findings["template.yaml"]}
    assert "W2001" in found
    assert "W3045" not in found
    assert not any("hunter2" in finding.message for finding in foreign.findings["template.yaml"])


def finding(verdict: Verdict, rule: str = "ENC-RDS-01", engine: str = "assay") -> Finding:
    return Finding(
        rule,
        verdict,
        Severity.HIGH,
        "encryption",
        "Database",
        "AWS::RDS::DBInstance",
        location=Location("t.yaml", 6, 1, 15),
        engine=engine,
    )


THEIRS = finding(Verdict.FAIL, "CKV_AWS_16", "checkov")


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNKNOWN])
def test_what_both_say_is_said_once_ours(verdict: Verdict) -> None:
    (merged,) = merge([finding(verdict)], [THEIRS])
    assert merged.rule == "ENC-RDS-01"
    assert merged.also == ("CKV_AWS_16",)


def test_what_ours_knows_better_stays_visible_and_does_not_fail() -> None:
    ours, theirs = merge([finding(Verdict.PASS)], [THEIRS])
    assert ours.also == ()
    assert theirs.verdict is Verdict.SKIP
    assert "PASS by ENC-RDS-01" in theirs.message


def test_what_only_they_judge_is_theirs() -> None:
    other = finding(Verdict.FAIL, "CKV_AWS_118", "checkov")
    assert merge([finding(Verdict.FAIL)], [other])[1] == other


def test_equivalents_name_rules_that_exist_or_are_of_the_account() -> None:
    ours = {rule for rules in equivalents().values() for rule in rules}
    with Path(__file__).with_name("later_rules.csv").open(encoding="utf-8") as stream:
        later = {row["rule"] for row in csv.DictReader(stream)}
    assert ours - RULES.keys() - later == set()
    assert later.isdisjoint(RULES), "no longer later"
