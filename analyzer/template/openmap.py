"""A structure of which only some keys are known, since a macro or an include adds others."""

from __future__ import annotations

from typing import Any

from analyzer.unknown import ABSENT, Undecided, Unknown


class OpenMap(dict[str, Any]):
    """Stated keys have their values; every other one is unknown; the set of keys is undecided."""

    def __init__(self, stated: dict[str, Any], added: Unknown) -> None:
        super().__init__(stated)
        self._added = added

    def get(self, name: str, default: Any = None) -> Any:
        """The stated value, or an unknown that may be absent."""
        if name in self.keys():
            return self[name]
        if default is not ABSENT:
            return default
        return Unknown(
            f"{name} in {self._added.subject}",
            self._added.reason,
            key=(*self._added.key, name),
            may_be_absent=True,
        )

    def __iter__(self) -> Any:
        raise Undecided(self._added.subject, self._added.reason)
