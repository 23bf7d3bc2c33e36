"""`assay`: the group of commands, and how every error ends."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import click

from analyzer import __version__
from analyzer.cli.exit_codes import BAD_INPUT, INCOMPLETE
from analyzer.cli.lazy import LazyGroup
from analyzer.errors import AssayError

# The module is imported when its command is called: the gate starts without what others need.
_COMMANDS = {
    "check": "analyzer.cli.check",
    "fix": "analyzer.cli.fix",
    "price": "analyzer.cli.price",
    "plan": "analyzer.cli.plan",
    "reach": "analyzer.cli.reach",
    "diagram": "analyzer.cli.diagram",
    "iam": "analyzer.cli.iam",
    "report": "analyzer.cli.report",
    "baseline": "analyzer.cli.baseline",
    "comment": "analyzer.cli.comment",
    "upload": "analyzer.cli.upload",
    "audit": "analyzer.cli.audit",
    "drift": "analyzer.cli.drift",
    "history": "analyzer.cli.history",
    "remediate": "analyzer.cli.remediate",
    "rules": "analyzer.cli.rules",
    "explain": "analyzer.cli.explain",
    "init": "analyzer.cli.init",
    "completion": "analyzer.cli.completion",
}
_DEBUG = "ASSAY_DEBUG"
COMPLETE_VARIABLE = "_ASSAY_COMPLETE"
"""By it a shell asks what could come next."""


@click.group(
    cls=LazyGroup,
    modules=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="assay")
def cli() -> None:
    """Compliance and cost of AWS architectures, from their CloudFormation.

    \b
    Exit codes
      0  compliant
      1  violations
      2  bad usage, or an input that cannot be used
      3  something could not be judged
      4  violations, and something could not be judged
    """  # noqa: D301 - \b is how click keeps lines


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every error is one line, never a traceback."""
    # A run makes many small values and drops few: looking for cycles that often is wasted.
    gc.set_threshold(100_000, 20, 20)
    try:
        if os.environ.get(COMPLETE_VARIABLE):
            from analyzer.cli.shells import register

            register()
        code: Any = cli.main(args=arguments, complete_var=COMPLETE_VARIABLE, standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _told("stopped", 130)
    except click.ClickException as error:
        error.show()
        code = BAD_INPUT
    except AssayError as error:
        code = _told(str(error), BAD_INPUT)
    except BrokenPipeError:
        # The reader has gone (`assay check | head`): nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BAD_INPUT
    except OSError as error:
        code = _told(f"{error.filename or 'assay'}: {error.strerror or error}", BAD_INPUT)
    except Exception as error:
        if os.environ.get(_DEBUG):
            raise
        what = f"internal error: {type(error).__name__}: {error}"
        code = _told(f"{what}; set {_DEBUG}=1 to see where", INCOMPLETE)
    sys.exit(code if isinstance(code, int) else 0)


def _told(message: str, code: int) -> int:
    click.echo(f"assay: {' '.join(message.split())}", err=True)
    return code
