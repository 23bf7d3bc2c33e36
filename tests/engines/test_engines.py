"""Foreign checkers: what they say in our model, and everything that can go wrong with them."""

from __future__ import annotations

import json
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from analyzer.configuration_file import read_configuration
from analyzer.engines import Cache, EngineSettings, Foreign, Target, run_engines, start
from analyzer.engines.cfn_lint import CFN_LINT
from analyzer.engines.checkov import CHECKOV
from analyzer.findings import Verdict
from analyzer.model import Location
from analyzer.results import Problem

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


def test_without_cfn_lint_the_run_says_so_and_goes_on(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    foreign = run_engines([Target("t", template)], ["cfn-lint"], cache=Cache(None))
    assert [item.status for item in foreign.statuses] == ["not installed", "not asked"]
    assert foreign.problems == ()


def test_paths_of_the_configuration_are_relative_to_the_current_folder(
    template: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "open(sys.argv[sys.argv.index('--config-file') + 1]).read()\n" + ANSWER
    script = Path(fake(body))
    script.with_name("checkov.yaml").write_text("a: 1\n", encoding="utf-8")
    monkeypatch.chdir(script.parent)
    foreign = asked(template, checkov="./checkov", checkov_config="checkov.yaml")
    assert foreign.problems == ()
    assert len(foreign.findings["template.yaml"]) == 1


def test_paths_of_assay_yaml_are_relative_to_it(tmp_path: Path) -> None:
    file = tmp_path / "assay.yaml"
    file.write_text(
        "engines: {checkov: tools/checkov, checkov_config: /etc/c.yaml, cfn_lint_config: l.yaml}\n",
        encoding="utf-8",
    )
    engines = read_configuration(file).engines
    assert engines.checkov == f"{tmp_path}/tools/checkov"
    assert engines.checkov_config == "/etc/c.yaml"
    assert engines.cfn_lint_config == f"{tmp_path}/l.yaml"


def test_the_bare_name_of_a_checker_is_looked_up(tmp_path: Path) -> None:
    assert EngineSettings(checkov="checkov").within(tmp_path).checkov == "checkov"
    assert EngineSettings().within(tmp_path) == EngineSettings()


def test_a_configuration_that_is_not_there_is_a_problem(template: Path, fake: Fake) -> None:
    foreign = asked(template, checkov=fake(ANSWER), checkov_config="/nowhere/checkov.yaml")
    (problem,) = foreign.problems
    assert problem.file == "/nowhere/checkov.yaml"
    assert "the configuration of checkov is not there" in problem.message


def test_a_template_that_a_checker_cannot_read_is_its_problem(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("Resources:\n  A: [\n", encoding="utf-8")
    foreign = run_engines([Target("broken.yaml", broken)], ["cfn-lint"], cache=Cache(None))
    (problem,) = foreign.problems
    assert (problem.kind, problem.file) == ("engine", "broken.yaml")
    assert problem.message.startswith("cfn-lint cannot read line ")


def test_a_template_that_is_not_there_is_its_problem(tmp_path: Path, fake: Fake) -> None:
    foreign = asked(tmp_path / "nowhere.yaml", checkov=fake(ANSWER))
    (problem,) = foreign.problems
    assert problem == Problem(
        "checkov cannot be read: No such file or directory", file="template.yaml", kind="engine"
    )


def test_what_has_no_file_is_judged_too(fake: Fake) -> None:
    foreign = run_engines(
        [Target("-", Path("-"), content=b"Resources: {}\n")],
        ["checkov"],
        cache=Cache(None),
        settings=EngineSettings(checkov=fake(ANSWER)),
    )
    assert len(foreign.findings["-"]) == 1


def test_our_own_fault_in_running_a_checker_is_a_problem_too(
    template: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr("analyzer.engines.running.judge", broken)
    foreign = asked(template, checkov=fake(ANSWER))
    assert status(foreign)[0] == "failed"
    assert "ZeroDivisionError: by us" in foreign.problems[0].message


def test_checkers_work_while_we_do_and_end_with_us(template: Path, fake: Fake) -> None:
    checker = fake("time.sleep(60)\n")
    began = time.monotonic()
    targets = [Target("template.yaml", template)]
    with start(
        targets, ["checkov"], cache=Cache(None), settings=EngineSettings(checkov=checker)
    ) as running:
        assert time.monotonic() - began < 30
        assert running.threads[0].is_alive()
    assert not running.threads[0].is_alive()
    assert time.monotonic() - began < 30
    assert not running.workshop.folder.exists()


def test_a_checker_runs_in_an_empty_folder_without_its_makers_keys(
    template: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BC_API_KEY", "key")
    monkeypatch.setenv("CKV_FRAMEWORK", "all")
    told = "import os\nif os.listdir() or 'BC_API_KEY' in os.environ: sys.exit('no')\n"
    foreign = asked(template, checkov=fake(told + ANSWER))
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
