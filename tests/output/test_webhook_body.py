"""A body of one's own: rendered in a sandbox, checked before it is sent, errors with their line."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from analyzer.errors import InputError
from analyzer.output.webhook_body import read_body
from tests.cli.conftest import Assay, assay
from tests.output.sample import sample_run
from tests.run.systems import ARCHITECTURE, DATABASE, written

__all__ = ["assay"]
GUIDE = Path(__file__).parent.parent.parent / "docs/guide.md"
EXAMPLES = dict(
    re.findall(r"```jinja\n\{# (\S+) #\}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
)


def rendered(tmp_path: Path, text: str, name: str = "body.json.j2") -> bytes:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_body(file).render(sample_run()).data


@pytest.mark.parametrize("name", ["chat.json.j2", "ticket.json.j2"])
def test_the_examples_of_the_guide_give_json(tmp_path: Path, name: str) -> None:
    body = json.loads(rendered(tmp_path, EXAMPLES[name], name))

    assert body["blocks" if name == "chat.json.j2" else "title"]


def test_a_ticket_names_every_system_with_a_critical_failure(tmp_path: Path) -> None:
    body = json.loads(rendered(tmp_path, EXAMPLES["ticket.json.j2"]))

    assert set(body["systems"]) == {
        judgement.system
        for judgement in sample_run().judgements
        for finding in judgement.findings
        if finding.failed and finding.severity.label == "critical"
    }


def test_a_template_has_the_summary_and_the_run(tmp_path: Path) -> None:
    text = "[{{ summary.unknown }}, {{ run.judgements | length }}, {{ run.date | tojson }}]"

    unknown, profiles, date = json.loads(rendered(tmp_path, text))

    run = sample_run()
    assert (profiles, date) == (len(run.judgements), run.date.isoformat())
    assert unknown > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{\n{{ summary.txt | tojson }}\n}", "body.json.j2:2: cannot be rendered: .*'txt'"),
        ("\n\n{{ nothing }}", "body.json.j2:3: cannot be rendered: 'nothing' is undefined"),
        ("{\n{% if %}\n}", "body.json.j2:2: "),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "body.json.j2:1: cannot be rendered: "),
        ("{{ 1 / 0 }}", "body.json.j2:1: cannot be rendered: division by zero"),
        ("{{ run.date + 1 }}", "body.json.j2:1: cannot be rendered: "),
        ("{% include '/etc/passwd' %}", "body.json.j2:1: cannot be rendered: "),
        ("{{ ''.__class__.__mro__ }}", "body.json.j2:1: .*unsafe"),
        ("{{ run.judgements.append(1) }}", "body.json.j2:1: .*(unsafe|not callable|not safely)"),
        ("{% for i in range(10**9) %}{% endfor %}", "body.json.j2:1: cannot be rendered: "),
        ('{"text": {{ summary.text }}}', "body.json.j2: gives no JSON: .*write values with"),
        ("", "body.json.j2: gives no JSON: "),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        rendered(tmp_path, text)

    assert "\n" not in str(caught.value)


def test_text_is_sent_as_what_the_name_says(tmp_path: Path) -> None:
    file = tmp_path / "body.txt.j2"
    file.write_text("{{ summary.text }}", encoding="utf-8")

    body = read_body(file).render(sample_run())

    assert body.type == "text/plain"
    assert b"failures" in body.data


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.j2: cannot be read: No such file"):
        read_body(tmp_path / "none.j2")


@pytest.fixture
def receiver():
    """A chat on loopback, and what it was sent."""
    received: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["Content-Type"], body))
            self.send_response(500 if self.path == "/broken-T0SECRET" else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)


def test_check_sends_what_the_template_makes_of_the_run(
    assay: Assay, shop: Path, receiver, tmp_path: Path
) -> None:
    url, received = receiver
    (tmp_path / "chat.json.j2").write_text(EXAMPLES["chat.json.j2"], encoding="utf-8")

    ended = assay(
        "check", shop, "--engine", "assay", "--webhook", url, "--webhook-body", "chat.json.j2"
    )

    ((type_, body),) = received
    assert type_ == "application/json"
    assert json.loads(body)["text"].splitlines()[0] in ended.out
    assert ended.code == 1


def test_check_sends_the_summary_without_a_template(assay: Assay, shop: Path, receiver) -> None:
    url, received = receiver
    assay("check", shop, "--engine", "assay", "--webhook", url)

    assert json.loads(received[0][1])["failures"]


def test_a_webhook_that_refuses_is_one_line_after_the_output_without_its_address(
    assay: Assay, shop: Path, receiver, tmp_path: Path
) -> None:
    url = f"{receiver[0]}/broken-T0SECRET"
    ended = assay("check", shop, "--engine", "assay", "-o", "run.json", "--webhook", url)

    assert ended.code == 2
    assert ended.err.endswith("answered 500\n")
    assert "T0SECRET" not in ended.out + ended.err
    assert (tmp_path / "run.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--webhook-body", "body.j2"), "--webhook-body says what is sent, and not where"),
        (
            ("--webhook", "https://x.example", "--webhook-body", "none.j2"),
            "none.j2: cannot be read",
        ),
        (("--webhook", "https://x.example", "--webhook-body", "bad.j2"), "bad.j2:1: "),
    ],
)
def test_a_fault_of_the_options_is_told_before_the_work(
    assay: Assay, shop: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "bad.j2").write_text("{{", encoding="utf-8")
    ended = assay("check", shop, *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
