"""A code host on loopback: comments that are kept, pages, faults on demand, and a log."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_fakeTokenThatNobodyMaySee"  # noqa: S105 - opens nothing
REPOSITORY = "acme/infra"
_GITHUB = re.compile(r"/repos/acme/infra/issues/(?:7/comments|comments/(\d+))$")
_GITLAB = re.compile(r"/projects/42/merge_requests/7/notes(?:/(\d+))?$")


@dataclass
class Host:
    """What the host holds, and how it behaves."""

    url: str = ""
    writer: str = "github-actions[bot]"  # whose the token is
    user: dict[str, Any] | None = None  # what /user answers; None: not permitted
    comments: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # answered first
    reason: Any = None  # what a fault answers; None: the token, which it says back
    read_only: bool = False
    uploads: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def add(self, body: str, author: str = "") -> dict[str, Any]:
        """A comment that somebody wrote."""
        name = author or self.writer
        number = 1 + max((comment["id"] for comment in self.comments), default=100)
        entry = {"id": number, "body": body, "user": {"login": name}, "author": {"username": name}}
        self.comments.append(entry)
        return entry

    def bodies(self) -> list[str]:
        """What stands there."""
        return [comment["body"] for comment in self.comments]


@contextmanager
def serving() -> Iterator[Host]:
    """A host that listens until the end of the block."""
    host = Host()

    class Handler(_Handler):
        state = host

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    state: Host

    def log_message(self, *_: Any) -> None:
        """Nothing on the tests' output."""

    def _respond(self) -> None:
        state, parts = self.state, urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        state.asked.append(f"{self.command} {self.path}")
        state.tokens |= {
            self.headers[name]
            for name in ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN")
            if self.headers[name]
        }
        if state.faults:
            status, headers = state.faults.pop(0)
            self._fault(status, headers)
        elif parts.path == "/user":
            self._answer(200, state.user) if state.user else self._answer(403, _REFUSED)
        elif state.read_only and self.command != "GET":
            self._answer(403, _REFUSED)
        elif parts.path == f"/repos/{REPOSITORY}/code-scanning/sarifs":
            state.uploads.append(body)
            self._answer(202, {"id": "1"})
        elif found := _GITHUB.search(parts.path) or _GITLAB.search(parts.path):
            self._comments(found[1], parse_qs(parts.query), body)
        else:
            self._answer(404, {"message": "Not Found"})

    def _fault(self, status: int, headers: dict[str, str]) -> None:
        reason = self.state.reason
        told = {"message": f"passing {TOKEN}"} if reason is None else reason
        self._answer(status, told, headers)

    def _comments(self, number: str | None, query: dict[str, list[str]], body: Any) -> None:
        comments = self.state.comments
        if number is None and self.command == "GET":
            size, page = int(query["per_page"][0]), int(query["page"][0])
            self._answer(200, comments[size * (page - 1) : size * page])
        elif number is None:
            self._answer(201, self.state.add(body["body"]))
        elif not (here := [entry for entry in comments if entry["id"] == int(number)]):
            self._answer(404, {"message": "Not Found"})
        elif self.command == "DELETE":
            comments.remove(here[0])
            self._answer(204, None)
        else:
            here[0]["body"] = body["body"]
            self._answer(200, here[0])

    def _answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
        data = text.encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _respond  # noqa: N815 - the library's names


_REFUSED = {"message": "Resource not accessible by integration"}
