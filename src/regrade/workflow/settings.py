"""`regrade.toml`: the settings of a workspace that a person edits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast, get_args

from regrade.errors import InputError
from regrade.records.panel import CategoryDefinition, Protocol, Rule, Taxonomy
from regrade.records.settings import Settings

SETTINGS_FILE = "regrade.toml"
_REMEDY = f"Correct {SETTINGS_FILE}; what you leave out of it takes its default."


def write_settings(folder: Path, settings: Settings) -> None:
    """Write a new workspace's `regrade.toml`, with a word on what can be changed."""
    (folder / SETTINGS_FILE).write_text(_as_toml(settings), encoding="utf-8")


def read_settings(folder: Path) -> Settings:
    """Read `regrade.toml`; what it does not say keeps its default.

    Raises:
        InputError: It is no TOML, holds an unknown key, or a value of the wrong type or range.
    """
    path = folder / SETTINGS_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("TOML in UTF-8", got=str(error), where=SETTINGS_FILE, remedy=_REMEDY) from error
    _check_keys(table, {"name", "media_type", "protocol", "taxonomy"}, "")
    return Settings(
        name=_value(table, "name", str, folder.name),
        media_type=_value(table, "media_type", str, "image"),
        protocol=_read_protocol(_value(table, "protocol", dict, {})),
        taxonomy=_read_taxonomy(_value(table, "taxonomy", dict, {})),
    )


def _read_protocol(table: dict[str, Any]) -> Protocol:
    default = Protocol()
    _check_keys(
        table, {"reviewers", "rule", "blind_model", "blind_roles", "blind_peers", "max_classes_per_screen"}, "protocol."
    )
    rule = _value(table, "rule", str, default.rule)
    if rule not in get_args(Rule):
        raise _wrong("protocol.rule", " or ".join(f'"{name}"' for name in get_args(Rule)), rule)
    return Protocol(
        n_reviewers=_count(table, "reviewers", default.n_reviewers),
        rule=cast("Rule", rule),
        blind_model=_value(table, "blind_model", bool, default.blind_model),
        blind_roles=_value(table, "blind_roles", bool, default.blind_roles),
        blind_peers=_value(table, "blind_peers", bool, default.blind_peers),
        max_classes_per_screen=_count(table, "max_classes_per_screen", default.max_classes_per_screen),
    )


def _read_taxonomy(table: dict[str, Any]) -> Taxonomy:
    default = Settings(name="").taxonomy
    _check_keys(table, {"name", "categories", "severities"}, "taxonomy.")
    return Taxonomy(
        name=_value(table, "name", str, default.name),
        categories=_definitions(table, "categories", default.categories),
        severities=_definitions(table, "severities", default.severities),
    )


def _definitions(
    table: dict[str, Any], key: str, default: tuple[CategoryDefinition, ...]
) -> tuple[CategoryDefinition, ...]:
    rows = _value(table, key, dict, None)
    if rows is None:
        return default
    if not rows or not all(isinstance(definition, str) for definition in rows.values()):
        raise _wrong(f"taxonomy.{key}", 'a table of `"name" = "definition"`', rows)
    return tuple(CategoryDefinition(name, definition) for name, definition in rows.items())


def _check_keys(table: dict[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise _wrong(place + unknown[0], f"one of the keys {', '.join(sorted(known))}", unknown[0])


def _value(table: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = table.get(key, default)
    if value is not default and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
        raise _wrong(key, f"a value of type {kind.__name__}", value)
    return value


def _count(table: dict[str, Any], key: str, default: int) -> int:
    value: int = _value(table, key, int, default)
    if not 1 <= value <= 100:
        raise _wrong(key, "a whole number from 1 to 100", value)
    return value


def _wrong(key: str, expected: str, got: object) -> InputError:
    return InputError(expected, got=repr(got), where=f"{SETTINGS_FILE}, {key}", remedy=_REMEDY)


def _as_toml(settings: Settings) -> str:
    protocol, taxonomy = settings.protocol, settings.taxonomy
    lines = [
        f"name = {_quoted(settings.name)}",
        f"media_type = {_quoted(settings.media_type)}",
        "",
        "[protocol]",
        "# how many reviewers judge each item, each without seeing the others",
        f"reviewers = {protocol.n_reviewers}",
        '# "unanimous" or "majority"; what is not agreed goes to an adjudicator',
        f"rule = {_quoted(protocol.rule)}",
        "# what reviewers must not see before they answer",
        f"blind_model = {_boolean(protocol.blind_model)}",
        f"blind_roles = {_boolean(protocol.blind_roles)}",
        f"blind_peers = {_boolean(protocol.blind_peers)}",
        f"max_classes_per_screen = {protocol.max_classes_per_screen}",
        "",
        "[taxonomy]",
        f"name = {_quoted(taxonomy.name)}",
        "",
        "[taxonomy.categories]",
        *(f"{_quoted(row.key)} = {_quoted(row.definition)}" for row in taxonomy.categories),
        "",
        "[taxonomy.severities]",
        *(f"{_quoted(row.key)} = {_quoted(row.definition)}" for row in taxonomy.severities),
        "",
    ]
    return "\n".join(lines)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _quoted(text: str) -> str:
    escaped = "".join(
        {"\\": "\\\\", '"': '\\"'}.get(sign, sign if sign >= " " and sign != "\x7f" else f"\\u{ord(sign):04x}")
        for sign in text
    )
    return f'"{escaped}"'
