"""`regrade.toml`: the settings of a workspace that a person edits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from regrade.errors import InputError
from regrade.panel.protocols import FIELDS, ProtocolField, change_protocol, tabulate_protocol
from regrade.records.panel import CategoryDefinition, Protocol, Taxonomy
from regrade.records.settings import Settings
from regrade.store.private import make_private_file

SETTINGS_FILE = "regrade.toml"
_TABLE = 'a table of `"name" = "definition"`, or of `"name" = { definition = "...", example = "..." }`'
_REMEDY = f"Correct {SETTINGS_FILE}; what you leave out of it takes its default."


def write_settings(folder: Path, settings: Settings) -> None:
    """Write a new workspace's `regrade.toml`, with a word on what can be changed."""
    make_private_file(folder / SETTINGS_FILE)
    (folder / SETTINGS_FILE).write_text(_as_toml(settings), encoding="utf-8")


def settings_stamp(folder: Path) -> tuple[int, int, int] | None:
    """What tells whether `regrade.toml` has been written since: another one after every edit; None: it is gone."""
    try:
        status = (folder / SETTINGS_FILE).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


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
    try:
        return change_protocol(Protocol(), table)
    except InputError as error:
        raise InputError(
            error.expected, got=error.got, where=f"{SETTINGS_FILE}, {error.where}", remedy=_REMEDY
        ) from error


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
    if not rows:
        raise _wrong(f"taxonomy.{key}", _TABLE, rows)
    known = {(row.key, row.definition): row for row in default}
    found = (_definition(name, said, f"taxonomy.{key}") for name, said in rows.items())
    return tuple(known.get((row.key, row.definition), row) if not row.example else row for row in found)


def _definition(name: str, said: object, where: str) -> CategoryDefinition:
    """One category or severity. One of ours with nothing but our own definition has our example as well."""
    if isinstance(said, str):
        return CategoryDefinition(name, said)
    if not isinstance(said, dict) or "definition" not in said:
        raise _wrong(where, _TABLE, said)
    _check_keys(said, {"definition", "example"}, f"{where}.{name}.")
    if not all(isinstance(text, str) for text in said.values()):
        raise _wrong(where, _TABLE, said)
    return CategoryDefinition(name, **said)


def _check_keys(table: dict[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise _wrong(place + unknown[0], f"one of the keys {', '.join(sorted(known))}", unknown[0])


def _value(table: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = table.get(key, default)
    if value is not default and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
        raise _wrong(key, f"a value of type {kind.__name__}", value)
    return value


def _wrong(key: str, expected: str, got: object) -> InputError:
    return InputError(expected, got=repr(got), where=f"{SETTINGS_FILE}, {key}", remedy=_REMEDY)


def _as_toml(settings: Settings) -> str:
    values, taxonomy = tabulate_protocol(settings.protocol), settings.taxonomy
    lines = [
        f"name = {_quoted(settings.name)}",
        f"media_type = {_quoted(settings.media_type)}",
        "",
        "[protocol]",
        *(line for field in FIELDS for line in _field_lines(field, values[field.key])),
        "",
        "[taxonomy]",
        f"name = {_quoted(taxonomy.name)}",
        "",
        "[taxonomy.categories]",
        *map(_definition_line, taxonomy.categories),
        "",
        "[taxonomy.severities]",
        *map(_definition_line, taxonomy.severities),
        "",
    ]
    return "\n".join(lines)


def _field_lines(field: ProtocolField, value: object) -> tuple[str, str]:
    """A field of the protocol, with a word on what can be changed."""
    hint = f" ({field.expects})" if field.kind == "choice" else ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = _quoted(value) if isinstance(value, str) else repr(value)
    return f"# {field.says}{hint}", f"{field.key} = {text}"


def _definition_line(row: CategoryDefinition) -> str:
    if not row.example:
        return f"{_quoted(row.key)} = {_quoted(row.definition)}"
    said = f"definition = {_quoted(row.definition)}, example = {_quoted(row.example)}"
    return f"{_quoted(row.key)} = {{ {said} }}"


def _quoted(text: str) -> str:
    escaped = "".join(
        {"\\": "\\\\", '"': '\\"'}.get(sign, sign if sign >= " " and sign != "\x7f" else f"\\u{ord(sign):04x}")
        for sign in text
    )
    return f'"{escaped}"'
