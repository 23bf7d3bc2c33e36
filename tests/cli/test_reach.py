"""`assay reach`: exit codes, the words of the answer, and what a wrong name is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.content import content
from tests.cli.conftest import Assay
from tests.network.reaching import cases, in_order

CASES = {case["id"]: case for case in cases()}
KEYS = [
    "verdict",
    "path",
    "hops",
    "blocked_by",
    "depends_on",
    "admitted",
    "stepping_stones",
    "identity_ways",
]


@pytest.fixture
def template(tmp_path: Path):
    def written(case: str) -> Path:
        file = tmp_path / f"{case}.yaml"
        file.write_text(CASES[case]["template"], encoding="utf-8")
        return file

    return written


def asked(assay: Assay, file: Path, *more: object, to: str = "Host", port: object = 22):
    return assay("reach", file, "--from", "internet", "--to", to, "--port", port, *more)


@pytest.mark.parametrize(
    ("case", "code"), [("net-001", 1), ("net-020", 0), ("net-006", 0), ("net-060", 3)]
)
def test_the_exit_code_is_the_verdict(assay: Assay, template, case: str, code: int) -> None:
    assert asked(assay, template(case)).code == code


@pytest.mark.parametrize("case", ["net-001", "net-046", "net-020", "net-034", "net-060", "net-066"])
def test_the_json_has_the_verdict_and_always_the_same_keys(
    assay: Assay, template, case: str
) -> None:
    told = json.loads(asked(assay, template(case), "--format", "json").out)
    assert list(told) == KEYS
    assert told["verdict"] == CASES[case]["expect"]
    assert in_order(CASES[case].get("path", ()), told["path"])
    assert told["path"] == [hop["name"] for hop in told["hops"]]
    if told["verdict"] == "REACHABLE":
        assert told["path"][0] == "internet"
        assert told["admitted"] == ["0.0.0.0/0"]
    else:
        assert bool(told["blocked_by"]) != bool(told["depends_on"])


def test_hops_say_where_they_are_written(assay: Assay, template) -> None:
    file = template("net-001")
    told = json.loads(asked(assay, file, "-f", "json").out)
    lines = file.read_text(encoding="utf-8").splitlines()
    for hop in told["hops"][1:]:
        assert hop["file"] == f"{file}"
        assert hop["name"] in lines[hop["line"] - 1] or hop["kind"] == "security group"


def test_the_text_names_the_path_or_the_obstacle(assay: Assay, template) -> None:
    assert "> RoutesInternet route, for 0.0.0.0/0" in asked(assay, template("net-001")).out
    stopped = asked(assay, template("net-020")).out
    assert "leads to Nat, which lets no new connection in" in stopped
    assert "parameter `SshFrom` has no value" in asked(assay, template("net-060")).out
    assert "- Bastion" in asked(assay, template("net-034")).out
    assert "ec2-instance-connect:OpenTunnel" in asked(assay, template("net-066")).out


def test_a_parameter_may_be_given(assay: Assay, template) -> None:
    file = template("net-060")
    assert asked(assay, file, "-p", "SshFrom=0.0.0.0/0").code == 1
    assert asked(assay, file, "-p", "SshFrom=10.0.0.0/8").code == 0


def test_scenarios_may_be_opened(assay: Assay, template) -> None:
    assert asked(assay, template("net-062")).code == 0
    opened = asked(assay, template("net-062"), "--all-scenarios")
    assert opened.code == 3
    assert "parameter `Stage`" in opened.out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--from", "internet", "--to", "Hots", "--port", "22"], "did you mean 'Host'?"),
        (["--from", "internet", "--to", "Host"], "a connection by tcp goes to a port; give --port"),
        (["--from", "internet", "--to", "Host", "--port", "70000"], "is no port"),
        (["--from", "internet", "--to", "Host", "--port", "22", "--protocol", "x"], "no protocol"),
        (["--from", "internet", "--to", "10.0.0.0/8", "--port", "22"], "must be a resource"),
    ],
)
def test_a_wrong_question_is_one_line(assay: Assay, template, more, words: str) -> None:
    ended = assay("reach", template("net-001"), *more)
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert words in ended.err


def test_a_missing_file_is_one_line(assay: Assay) -> None:
    ended = asked(assay, Path("nowhere.yaml"))
    assert ended.code == 2
    assert "nowhere.yaml: does not exist" in ended.err


def test_an_architecture_needs_its_profile_named(assay: Assay) -> None:
    folder = content("architectures") / "jeancloud"
    more = ["--from", "france/Service", "--to", "ecr.api"]
    assert "give --profile" in assay("reach", folder, *more).err
    chosen = assay("reach", folder, *more, "--profile", "active-passive", "-f", "json")
    assert json.loads(chosen.out)["path"][:1] in ([], ["france/Service"])


def test_help_says_what_the_exit_codes_mean(assay: Assay) -> None:
    text = assay("reach", "--help").out
    for words in ("Exit codes", "REACHABLE", "UNKNOWN", "EXPOSED-BUT-UNREACHABLE"):
        assert words in text
