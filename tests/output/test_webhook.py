"""Telling a webhook: small, never led elsewhere, and its address in nobody's words."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from traceback import format_exception

import pytest

from analyzer.errors import UsageError
from analyzer.findings import Finding, Severity, Verdict
from analyzer.history import read_history, save
from analyzer.notify import post
from analyzer.output.webhook import summary
from analyzer.results import CoverageLine, Judgement, Run

PATH = "T0SECRET"


@pytest.mark.parametrize(
    "url",
    [
        f"https://hooks.example.com/{PATH} with blanks",
        f"https://hooks.example.com/{PATH}\x00",
        f"https://hooks.example.com/{PATH}?né",
        f"https://hooks.example.com:{PATH}/x",
        f"https://hooks.example.com:99999/{PATH}",
        f"https://[hooks.example.com/{PATH}",
        f"https://hooks.example.com\\{PATH}/x",
        f"https://{'a' * 70}.example.com/{PATH}",
        f"https:///{PATH}",
        f"https://user:{PATH}@",
    ],
)
def test_an_address_that_is_wrong_is_one_line_without_it(url):
    with pytest.raises(UsageError) as caught:
        post(url, {}, seconds=0.1)

    words = str(caught.value)
    assert PATH.lower() not in words.lower()
    assert "\n" not in words
    assert PATH not in "".join(format_exception(caught.value))


@pytest.fixture
def nonsense():
    """A server that answers no HTTP, and says back what it was sent."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(connection.recv(1000))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    thread.join(5)
    server.close()


def test_an_answer_that_is_no_http_is_one_line_without_the_address(nonsense):
    with pytest.raises(UsageError, match=r"127\.0\.0\.1 cannot be used: BadStatusLine") as caught:
        post(f"{nonsense}/{PATH}", {})

    assert PATH not in str(caught.value)


@pytest.fixture
def redirecting():
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(f"POST {self.path}")
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(int(self.path[1:4]))
            self.send_header("Location", f"/{PATH}")
            self.end_headers()

        def do_GET(self):
            asked.append(f"GET {self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_and_not_followed(redirecting, code):
    url, asked = redirecting

    with pytest.raises(UsageError, match=f"answered {code}, a redirect") as caught:
        post(f"{url}/{code}-hook", {})
    assert asked == [f"POST /{code}-hook"]
    assert PATH not in str(caught.value)


@pytest.mark.parametrize("text", ["é", "😀", '"', "\x1b", "\u202e", "a"])
def test_a_summary_is_under_4_kb_as_it_is_sent(tmp_path, text):
    finding = Finding(
        rule=text * 400,
        verdict=Verdict.FAIL,
        severity=Severity.CRITICAL,
        family="encryption",
        resource=text * 400,
        type="AWS::EFS::FileSystem",
        message=text * 400,
        error=text,
    )
    line = CoverageLine("1", "r", "s", 10**9, 10, denied=10**9, throttled=9, timed_out=9, failed=9)
    levels = [replace(finding, severity=level, resource=f"{level}") for level in Severity]
    found = (*(replace(finding, resource=f"{number}{text}") for number in range(50)), *levels)
    run = Run(
        "0", date(2026, 11, 21), (Judgement(text, text, findings=found),), {}, coverage=(line,)
    )
    save(replace(run, date=date(2026, 11, 20)), str(tmp_path))
    save(run, str(tmp_path))

    told = summary(run, read_history(str(tmp_path)))

    assert len(json.dumps(told).encode()) <= 4096
    assert len(told["worst"]) == 5
    assert all(told["worst"])


def test_only_grave_failures_are_named():
    found = tuple(
        Finding(f"TEST-0{level}", Verdict.FAIL, level, "test", "Thing", "") for level in Severity
    )
    run = Run("1", date(2026, 11, 21), (Judgement("shop", "", findings=found),), {})
    named = [words.split()[0] for words in summary(run)["worst"]]
    assert named == [f"TEST-0{Severity.CRITICAL}", f"TEST-0{Severity.HIGH}"]
