"""How many labelled cases each tool gets right: assay, Checkov and, where asked for, Prowler.

    python benchmarks/reasoning.py [--prowler PYTHON] [--only network|iam] [--json FILE]

The cases are those of `tests/network/network-cases.yaml` and `tests/iam/iam-cases.yaml`, whose head
comments say what the words mean. Every tool is asked what it has a check for, in the words of the
cases; a question of which it knows nothing is "not asked".

- right: the answer is (one of) the expected; a list of paths has to hold those expected.
- wrong: another answer, though the tool has the word for an expected one, or a plain answer where
  "unknown" is the right one.
- cannot say: the tool has no word for what is expected (Checkov's passed and failed know neither
  "exposed, but unreachable" nor "conditional"), or says that it does not know.
- answerable: the cases whose expected answer is in the tool's words, or is "unknown".

Checkov fails and passes checks on templates; Prowler's functions judge what an account returns, so
what a template leaves open is not asked of it. Cases of the kind "tighten" ask for a proposal,
which neither makes: they are left out. PYTHON is the one that Prowler is installed for.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from peers import UNKNOWN, Answer, Answers, Case, checkov
from peers_prowler import prowler

_TESTS = Path(__file__).parents[1] / "tests"
_ASSAY = Path(sys.executable).parent / "assay"
_SETS = {
    "service_wildcard",
    "unknown_actions",
    "no_effect_actions",
    "avoidable_actions",
    "effective_services",
    "cross_account",
}
_UNSAID = {UNKNOWN, "maybe"}
_KINDS = ("network", "identity", "trust", "resource", "compare")
_QUESTIONS = {"verdict": "reachable from the internet", "path": "names the path"}
RIGHT, WRONG, UNSAID = "right", "wrong", "cannot say"


def main() -> int:
    """Ask every tool about every case, print a table per kind."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--prowler", default="", help="the Python that Prowler is installed for")
    parser.add_argument("--only", choices=["network", "iam"], help="one of the two files of cases")
    parser.add_argument("--json", type=Path, help="every answer and its grade go here")
    options = parser.parse_args()
    network = [] if options.only == "iam" else _cases("network")
    iam = [] if options.only == "network" else _cases("iam")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = {"assay": assay(network, iam, folder / "assay")}
        tools |= checkov(network, iam, folder / "checkov")
    if options.prowler:
        tools["Prowler"] = prowler(options.prowler, network, iam)
    graded = grades([*network, *iam], tools)
    for kind in _KINDS:
        rows = [row for row in graded if row["kind"] == kind]
        if rows:
            print(table(kind, rows))
    if options.json:
        options.json.write_text(json.dumps(graded, indent=1, default=sorted), encoding="utf-8")
    return 0


def _cases(name: str) -> list[Case]:
    text = (_TESTS / name / f"{name}-cases.yaml").read_text(encoding="utf-8")
    kind = {"kind": "network"} if name == "network" else {}
    cases = [{**case, **kind} for case in yaml.safe_load(text)["cases"]]
    return [case for case in cases if case["kind"] in _KINDS]


# --------------------------------------------------------------------------------------- assay


def assay(network: Sequence[Case], iam: Sequence[Case], folder: Path) -> Answers:
    """Our own answers, from the command line; a command that is not there is not asked."""
    ways = {"network": _reach, "compare": _compare}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        cases = [*network, *iam]
        found = pool.map(
            lambda case: ways.get(case["kind"], _iam)(case, folder / case["id"]), cases
        )
        return {case["id"]: answers for case, answers in zip(cases, found, strict=True)}


def _reach(case: Case, folder: Path) -> dict[str, Answer]:
    ask = case["ask"]
    template = _file(folder, "template.yaml", case["template"])
    said = _assay(
        "reach", template, "--from", ask["from"], "--to", ask["to"],
        "--protocol", ask["protocol"], "--port", ask["port"],
    )  # fmt: skip
    if said and "path" in said:
        said["path"] = _path(said["path"] or [])
    return _answers(said, ["verdict", "path"])


def _answers(said: Mapping[str, Any] | None, keys: Iterable[str]) -> dict[str, Answer]:
    """The answers in an output; after an error all are unknown, without the command none is."""
    if said is None:
        return {}
    if not said:
        return {key: Answer(UNKNOWN) for key in keys}
    return {key: Answer(said[key]) for key in keys if key in said}


def _path(hops: Sequence[Any]) -> list[str]:
    """The names of a path's hops; a hop may be a name, or a mapping that has one."""
    return [hop if isinstance(hop, str) else f"{hop.get('id', hop.get('name'))}" for hop in hops]


def _iam(case: Case, folder: Path) -> dict[str, Answer]:
    """What `assay iam check` says of one policy, with what the case puts beside it."""
    beside = ("policy", "also_attached", "boundary", "scp", "world", "block_public_access")
    dossier = {key: case[key] for key in beside if key in case}
    file = _file(folder, "policy.json", dossier)
    said = _assay("iam", "check", file, "--kind", case["kind"])
    return _answers(said, case["expect"])


def _compare(case: Case, folder: Path) -> dict[str, Answer]:
    files = [_file(folder, f"{name}.json", case[name]) for name in ("a", "b")]
    return _answers(_assay("iam", "compare", *files), case["expect"])


def _assay(*arguments: object) -> dict[str, Any] | None:
    """What a command prints as JSON; nothing after an error; None where there is no command."""
    words = [f"{argument}" for argument in arguments]
    if not _help(*(words[:2] if words[0] == "iam" else words[:1])):
        return None
    done = subprocess.run(
        [f"{_ASSAY}", *words, "--format", "json"], capture_output=True, text=True, check=False
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        print(f"assay {' '.join(words)}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return {}
    return said if isinstance(said, dict) else {}


@functools.cache
def _help(*command: str) -> str:
    """The help of a command; empty where there is none."""
    done = subprocess.run(
        [f"{_ASSAY}", *command, "--help"], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def _file(folder: Path, name: str, content: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# ------------------------------------------------------------------------------------- grading


def grades(cases: Sequence[Case], tools: Mapping[str, Answers]) -> list[dict[str, Any]]:
    """Every question of every case with every tool's answer and its grade."""
    rows = []
    for case in cases:
        for key, expected in _expected(case).items():
            for tool, answers in tools.items():
                answer = answers.get(case["id"], {}).get(key)
                given = grade(key, expected, answer) if answer else ("not asked", False)
                rows.append(
                    {
                        "case": case["id"],
                        "kind": case["kind"],
                        "question": key,
                        "tool": tool,
                        "expected": expected,
                        "answer": answer.value if answer else None,
                        "grade": given[0],
                        "answerable": given[1],
                    }
                )
    return rows


def _expected(case: Case) -> dict[str, Any]:
    if case["kind"] != "network":
        return dict(case["expect"])
    path = {"path": case["path"]} if "path" in case else {}
    return {"verdict": case["expect"], **path}


def grade(key: str, expected: Any, answer: Answer) -> tuple[str, bool]:
    """How an answer is to what is expected, and whether the tool has words for that."""
    said = answer.value
    if key in {"path", "paths", *_SETS}:
        if said == UNKNOWN:
            return UNSAID, True
        return (RIGHT if _list_is_right(key, expected, said) else WRONG), True
    right = set(expected) if isinstance(expected, list) else {expected}
    words = set(said) if isinstance(said, (frozenset, list)) else {said}
    if words & right:
        return RIGHT, True
    undecided = "UNKNOWN" in right
    answerable = undecided or answer.vocabulary is None or bool(right & answer.vocabulary)
    if not answerable or f"{said}".lower() in _UNSAID:
        return UNSAID, answerable
    return WRONG, True


def _list_is_right(key: str, expected: Any, said: Any) -> bool:
    if key == "path":
        hops = iter(said)
        return all(hop in hops for hop in expected)
    if key == "paths":
        return _paths(expected, said)
    return said == expected if isinstance(expected, str) else _same(expected, said)


def _same(expected: Sequence[str], said: Any) -> bool:
    return isinstance(said, list) and {f"{item}".lower() for item in said} == {
        f"{item}".lower() for item in expected
    }


def _paths(expected: Sequence[str], said: Any) -> bool:
    """Whether each path is among those said; where none is expected, whether none is said.

    Of a tool that names actions without saying which belong together, all of a path's actions
    among those it names are the path.
    """
    if not expected:
        return not said
    wanted = [set(path.lower().split("+")) for path in expected]
    if isinstance(said, frozenset):
        return all(path <= {action.lower() for action in said} for path in wanted)
    found = [_actions(path) for path in said or []]
    return all(path in found for path in wanted)


def _actions(path: Any) -> set[str]:
    """The actions of a path: joined by +, listed, or a mapping's `actions`."""
    of = path.get("actions", []) if isinstance(path, dict) else path
    return {action.lower() for action in (of.split("+") if isinstance(of, str) else of)}


def table(kind: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The figures of a kind of cases, in Markdown."""
    lines = [
        f"\n### {kind}: {len({row['case'] for row in rows})} cases\n",
        "| question | tool | right/answerable | wrong | cannot say | not asked |",
        "|---|---|---:|---:|---:|---:|",
    ]
    figures: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        figures[row["question"], row["tool"]].append(row)
    for (question, tool), of in figures.items():
        count = {
            word: sum(row["grade"] == word for row in of)
            for word in (RIGHT, WRONG, UNSAID, "not asked")
        }
        if count["not asked"] == len(of) and tool != "assay":
            continue  # a tool without such a check: the row would say nothing
        answerable = sum(row["answerable"] for row in of)
        lines.append(
            f"| {_QUESTIONS.get(question, question)} | {tool} | {count[RIGHT]}/{answerable} |"
            f" {count[WRONG]} | {count[UNSAID]} | {count['not asked']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
