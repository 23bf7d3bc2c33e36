"""Processes of foreign checkers: bounded in time, silent, ended with all that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.engines.engine import NotJudgedError
from analyzer.escape import visible

_LAST_WORDS = 200  # characters of an error message that are worth showing


@dataclass
class Workshop:
    """An empty folder to run in, and the processes that are running there.

    The folder is empty so that no configuration file of the change under review is picked up: such
    a file may name code to run.
    """

    folder: Path
    environment: Mapping[str, str]
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, command: Sequence[str], seconds: float) -> str:
        """What a command prints; raises `NotJudgedError` where it fails or takes too long."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = self._started(command, output.fileno(), errors.fileno())
            try:
                code = process.wait(max(seconds, 0))
            except subprocess.TimeoutExpired:
                raise NotJudgedError(f"did not end within {seconds:.0f} s") from None
            finally:
                end(process)
                with self._lock:
                    self.running.discard(process)
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
            if code != 0:
                errors.seek(0)
                raise NotJudgedError(_last_words(errors.read().decode("utf-8", "replace"), code))
            return text

    def _started(self, command: Sequence[str], output: int, errors: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self.closed:
                raise NotJudgedError("was stopped")
            try:
                process = subprocess.Popen(  # noqa: S603 - the engine's own command, no shell
                    command,
                    cwd=self.folder,
                    env=dict(self.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    start_new_session=True,
                )
            except OSError as error:
                raise NotJudgedError(f"does not start: {error.strerror or error}") from error
            self.running.add(process)
            return process

    def close(self) -> None:
        """End what is still running."""
        with self._lock:
            self.closed = True
            for process in self.running:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children, which share its session."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)


def checker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a checker: without keys that make it talk to a service of its maker."""
    kept = {
        name: value
        for name, value in environment.items()
        if name not in ("BC_API_KEY", "PRISMA_API_URL") and not name.startswith("CKV_")
    }
    return {**kept, "LOG_LEVEL": "ERROR", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def _last_words(errors: str, code: int) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    words = visible(lines[-1])[:_LAST_WORDS] if lines else ""
    return f"ended with exit code {code}" + (f": {words}" if words else "")
