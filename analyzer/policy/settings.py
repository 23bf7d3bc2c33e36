"""Thresholds: what a profile's policy sets, checked against the settings that rules have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from analyzer.policy.rule import RULE_ID, Rule

Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SettingFault:
    """A threshold that cannot be applied; `path` leads to it inside the policy."""

    message: str
    path: tuple[str, ...]
    hint: str = ""


def settings_of(
    policy: Mapping[str, Any], rules: Mapping[str, Rule]
) -> tuple[Settings, list[SettingFault]]:
    """The settings of each rule that a policy changes, and what is wrong with the policy.

    `backup_days: 30` is for every rule that has the setting, `BAK-RDS-01: {backup_days: 35}` for
    one, and the second wins.
    """
    chosen: dict[str, dict[str, Any]] = {}
    faults: list[SettingFault] = []
    for name, value in policy.items():
        if not RULE_ID.fullmatch(name):
            _set_everywhere(name, value, rules, chosen, faults)
    for name, value in policy.items():
        if RULE_ID.fullmatch(name):
            _set_for_one(name, value, rules, chosen, faults)
    return chosen, faults


def _set_everywhere(
    name: str,
    value: Any,
    rules: Mapping[str, Rule],
    chosen: dict[str, dict[str, Any]],
    faults: list[SettingFault],
) -> None:
    having = [rule for rule in rules.values() if name in rule.settings]
    if not having:
        known = sorted({setting for rule in rules.values() for setting in rule.settings})
        faults.append(
            SettingFault(f"no rule has the setting `{name}`", (name,), _near(name, known))
        )
    for rule in having:
        fault = _fault(rule, name, value)
        if fault:
            faults.append(SettingFault(fault, (name,)))
            return
        chosen.setdefault(rule.id, {})[name] = _plain(value)


def _set_for_one(
    rule_id: str,
    values: Any,
    rules: Mapping[str, Rule],
    chosen: dict[str, dict[str, Any]],
    faults: list[SettingFault],
) -> None:
    rule = rules.get(rule_id)
    if rule is None:
        faults.append(
            SettingFault(f"there is no rule {rule_id}", (rule_id,), _near(rule_id, rules))
        )
        return
    if not isinstance(values, Mapping):
        faults.append(
            SettingFault(f"{rule_id} is not a map of settings", (rule_id,), "write {name: value}")
        )
        return
    for name, value in values.items():
        fault = _fault(rule, name, value)
        if fault:
            hint = "" if name in rule.settings else _near(name, rule.settings)
            faults.append(SettingFault(fault, (rule_id, name), hint))
        else:
            chosen.setdefault(rule_id, {})[name] = _plain(value)


def _fault(rule: Rule, name: str, value: Any) -> str:
    if name not in rule.settings:
        return f"{rule.id} has no setting `{name}`"
    default = rule.settings[name]
    if not _fits(value, default):
        kind = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        return f"`{name}` of {rule.id} is {kind.get(type(default), 'a list')}, not {value!r}"
    return ""


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        kinds = {type(item) for item in default}
        return isinstance(value, list) and (not kinds or all(type(item) in kinds for item in value))
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _near(name: str, known: Mapping[str, Any] | list[str]) -> str:
    close: Iterator[str] = iter(get_close_matches(name, list(known), n=1))
    nearest = next(close, "")
    return f"did you mean `{nearest}`?" if nearest else ""
