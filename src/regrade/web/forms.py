"""From the fields of a form to the records that the workflow takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from regrade.errors import InputError
from regrade.panel.protocols import FIELDS as PROTOCOL_FIELDS
from regrade.panel.protocols import ProtocolField
from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, VerdictAnswer
from regrade.web.text import clean_text
from regrade.workflow.adjudicate import Adjudication
from regrade.workflow.guide import search_classes
from regrade.workflow.workspace import Workspace

Form = Mapping[str, str]


def read_answers(ws: Workspace, fields: Form, pass_: Pass) -> Answers:
    """A reviewer's answers: `verdict-ID`, `added-ID` or `category-ID` and `severity-ID`, and what goes with them.

    Whether they are complete and fit the screen is the panel's to say.

    Raises:
        InputError: A field holds what it cannot.
    """
    first = pass_ is Pass.VERDICT
    return Answers(
        verdicts=(*_read_verdicts(fields, added=False), *_read_verdicts(fields, added=True), *_read_named(ws, fields))
        if first
        else (),
        kinds=() if first else read_kinds(fields),
        problematic=first and is_ticked(fields, "problematic"),
        note=clean_text(fields.get("note", "")),
        discuss=is_ticked(fields, "discuss"),
        seconds=_read_seconds(fields.get("seconds", "")),
    )


def read_adjudication(ws: Workspace, fields: Form) -> Adjudication:
    """An adjudicator's decision: verdicts (also of added classes), `problematic` or kinds, and the reason.

    Raises:
        InputError: A field holds what it cannot.
    """
    problematic = is_ticked(fields, "problematic")
    given = (*_read_verdicts(fields, added=False), *_read_verdicts(fields, added=True), *_read_named(ws, fields))
    return Adjudication(
        verdicts={} if problematic else {row.class_id: row.verdict for row in given},
        problematic=problematic,
        kinds=read_kinds(fields),
        reason=clean_text(fields.get("reason", "")),
        labels=fields.get("labels") or None,
    )


def read_kinds(fields: Form) -> tuple[KindAnswer, ...]:
    """Category and severity of each class for which either was given; empty where one is missing.

    Raises:
        InputError: A field's name holds no class id.
    """
    ids = {_read_id(name) for name in fields if name.startswith(("category-", "severity-"))}
    return tuple(
        KindAnswer(class_id, fields.get(f"category-{class_id}", ""), fields.get(f"severity-{class_id}", ""))
        for class_id in sorted(ids)
    )


def read_protocol(fields: Form) -> dict[str, object]:
    """A protocol's values by key, all of them: a switch that was not sent is off.

    Raises:
        InputError: A field is missing, or holds no number where one belongs.
    """
    return {field.key: _read_protocol_field(fields, field) for field in PROTOCOL_FIELDS}


def _read_protocol_field(fields: Form, field: ProtocolField) -> object:
    if field.kind == "switch":
        return is_ticked(fields, field.key)
    text = require_field(fields, field.key).strip()
    if field.kind == "choice":
        return text
    try:
        return int(text) if field.kind == "count" else float(text)
    except ValueError as error:
        raise InputError(field.expects, got=repr(text[:80]), where=f"protocol.{field.key}") from error


def is_ticked(fields: Form, name: str) -> bool:
    """Whether a check box was ticked, or its button pressed."""
    return fields.get(name, "") not in {"", "0"}


def require_field(fields: Form, name: str) -> str:
    """A field that every page of ours sends.

    Raises:
        InputError: It is missing or empty.
    """
    value = fields.get(name, "")
    if not value:
        raise InputError(f"the field {name}", got="none", remedy="Reload the page and try again.")
    return value


def read_new_password(fields: Form) -> str:
    """A password that was typed twice.

    Raises:
        InputError: The two differ.
    """
    password = fields.get("password", "")
    if password != fields.get("again", ""):
        raise InputError("the same password twice", got="two that differ", remedy="Type both again.")
    return password


def read_class(ws: Workspace, fields: Form) -> int:
    """The class that the script chose (`class_id`), or one that is named in words (`class`).

    Raises:
        InputError: There is none, or the words name several.
    """
    chosen, named = fields.get("class_id", ""), fields.get("class", "").strip()
    if not chosen and not named:
        raise InputError("a class", got="none", remedy="Look it up by its name.")
    return _read_id(f"class-{chosen}") if chosen else find_named_class(ws, named)


def read_decided(fields: Form) -> int | None:
    """The class on which a decision is; None where the field is empty: it is on the item.

    Raises:
        InputError: The field holds what it cannot.
    """
    chosen = fields.get("class", "")
    return _read_id(f"class-{chosen}") if chosen else None


def read_time(fields: Form, name: str) -> datetime | None:
    """The time in a field, with its zone; None where there is none.

    Raises:
        InputError: The field holds something else.
    """
    text = fields.get(name, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InputError(f"a time with its zone in {name}", got=repr(text[:40]), remedy="Reload the page.")
    return found


def find_named_class(ws: Workspace, text: str) -> int:
    """The id of the one class whose name or key this is.

    Raises:
        InputError: It is no class's, or several have that name.
    """
    wanted = text.casefold()
    found = [card for card in search_classes(ws, text) if wanted in {card.name.casefold(), card.key.casefold()}]
    if len(found) != 1:
        raise InputError(
            "the name or key of one class",
            got=f"{text[:80]!r}, which {'is no class' if not found else 'names several'}",
            remedy="Write the class's key." if found else "Look the name up, or leave the field empty.",
        )
    return found[0].class_id


def _read_verdicts(fields: Form, *, added: bool) -> tuple[VerdictAnswer, ...]:
    prefix = "added-" if added else "verdict-"
    return tuple(
        VerdictAnswer(_read_id(name), _read_verdict(value), added=added)
        for name, value in fields.items()
        if name.startswith(prefix) and value
    )


def _read_named(ws: Workspace, fields: Form) -> tuple[VerdictAnswer, ...]:
    """A class that a page without script names in words: it has to be exactly one class's name or key."""
    text = fields.get("also", "").strip()
    if not text:
        return ()
    return (VerdictAnswer(find_named_class(ws, text), Verdict.CORRECT, added=True),)


def _read_id(name: str) -> int:
    text = name.partition("-")[2]
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InputError("a class id in the name of a field", got=repr(name[:80]), remedy="Reload the page.")
    return int(text)


def _read_verdict(text: str) -> Verdict:
    if text not in VERDICTS:
        raise InputError(f"a verdict out of {', '.join(VERDICTS)}", got=repr(text[:80]))
    return Verdict(text)


def _read_seconds(text: str) -> float | None:
    """Seconds as the page measured them; None where it did not."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise InputError("a finite number of seconds, 0 or more", got=repr(text[:80]))
    return seconds
