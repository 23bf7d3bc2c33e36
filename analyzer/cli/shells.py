"""Completion in zsh and fish, where click's own answers leave out what the shell replaces.

Both take an answer for the whole word: that of `--fail-on=` begins with the option. In fish an
answer may hold commas.
"""

from __future__ import annotations

from click.shell_completion import (
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)


class _WholeWords(ShellComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """What the word could become."""
        found = super().get_completions(args, incomplete)
        option, sign, _ = incomplete.partition("=")
        if option.startswith("--") and sign:
            for item in found:
                if item.type == "plain":
                    item.value = f"{option}={item.value}"
        return found


class _Zsh(_WholeWords, ZshComplete):
    pass


class _Fish(_WholeWords, FishComplete):
    source_template = FishComplete.source_template.replace(
        'string split ","', 'string split --max 1 ","'
    )


def register() -> None:
    """Have click answer these shells so."""
    add_completion_class(_Zsh, "zsh")
    add_completion_class(_Fish, "fish")
