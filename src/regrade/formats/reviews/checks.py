"""Whether what a file says of a panel's work is whole: each entry for itself, and all that was sent together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass

_ANSWER = "a verdict (pass verdict), a category and a severity (pass kind), or a problematic item"


def check_entries(entries: Sequence[PanelEntry]) -> None:
    """Raise at the first entry that is not whole, or that says again what was sent with it.

    Raises:
        InputError: The message names the entry.
    """
    for entry in entries:
        if entry.kind is EntryKind.PROPOSAL:
            _check_proposal(entry)
        else:
            _check_answer(entry)
        _check_facts(entry)
    _check_sent_together(entry for entry in entries if entry.kind in {EntryKind.REVIEW, EntryKind.VOTE})


def count_late_decisions(entries: Iterable[PanelEntry]) -> int:
    """How many decisions stand after a later one on the same question: as in a table that was sorted anew."""
    newest: dict[tuple[int, int | None, Pass], datetime] = {}
    n_late = 0
    for entry in entries:
        if entry.kind is EntryKind.DECISION and entry.created_at is not None:
            before = newest.setdefault((entry.item, entry.class_id, entry.pass_), entry.created_at)
            n_late += entry.created_at < before
            newest[entry.item, entry.class_id, entry.pass_] = max(before, entry.created_at)
    return n_late


def _check_proposal(entry: PanelEntry) -> None:
    """It names a class of the first pass, and answers nothing."""
    answers = entry.verdict or entry.category or entry.severity or entry.problematic
    if answers or entry.class_id is None or entry.pass_ is Pass.KIND:
        raise entry.spot.error("a proposal of a class in the pass verdict, without an answer", got=_describe(entry))


def _check_answer(entry: PanelEntry) -> None:
    """Each says one thing: a verdict or a kind of one class, or that the item is problematic."""
    says_kind = bool(entry.category or entry.severity)
    if entry.method is DecisionMethod.REOPENED or _is_usable(entry):
        if entry.verdict or says_kind:
            raise entry.spot.error("nothing decided where a decision is taken back", got=_describe(entry))
        return
    if entry.problematic:
        if entry.verdict or says_kind or entry.pass_ is Pass.KIND:
            raise entry.spot.error(
                "either a problematic item or a verdict, category and severity of a class",
                got=_describe(entry),
                remedy="Keep the one that was meant.",
            )
        return
    whole = bool(entry.verdict) and not says_kind
    if entry.pass_ is Pass.KIND:
        whole = bool(entry.category and entry.severity) and not entry.verdict
    if not whole:
        raise entry.spot.error(f"in the pass {entry.pass_} {_ANSWER}", got=_describe(entry), remedy="Complete it.")
    if entry.class_id is None and not _votes_usable(entry):
        raise entry.spot.error("the class that the answer is about", got="none", remedy="Name it in class_id.")
    if entry.added and entry.verdict is Verdict.WRONG:
        raise entry.spot.error("an added class to be correct or unclear", got="wrong", remedy="Leave out the class.")


def _is_usable(entry: PanelEntry) -> bool:
    """A decision that the item is not problematic after all."""
    return entry.kind is EntryKind.DECISION and entry.class_id is None and not entry.problematic


def _votes_usable(entry: PanelEntry) -> bool:
    """An adjudicator's vote that the item is not problematic after all."""
    return entry.kind is EntryKind.VOTE and entry.verdict is Verdict.CORRECT


def _check_facts(entry: PanelEntry) -> None:
    if not entry.author.strip():
        raise entry.spot.error(
            "who answered or decided", got="nobody", remedy="Name the reviewer in the file, or with --by NAME."
        )
    missing = [
        name
        for name, value in (("method", entry.method), ("created_at", entry.created_at), ("labels", entry.labels))
        if entry.kind is EntryKind.DECISION and value is None
    ]
    if entry.kind in {EntryKind.PROPOSAL, EntryKind.VOTE} and entry.created_at is None:
        missing.append("created_at")
    if missing:
        raise entry.spot.error(f"a {entry.kind} with {', '.join(missing)}", got="none", remedy="Fill it.")
    if entry.kind is not EntryKind.DECISION and entry.method is not None:
        raise entry.spot.error("a method for decisions only", got=f"{entry.method} for a {entry.kind}")


def _check_sent_together(entries: Iterable[PanelEntry]) -> None:
    """One submission is one person's on one item in one pass; it says one thing of each class, or of the item.

    An imported judgement says both what is true and what kind of mistake it is.
    """
    items: dict[tuple[EntryKind, str, str], int] = {}
    passes: dict[tuple[EntryKind, str, str], Pass] = {}
    said: dict[tuple[EntryKind, str, str, Pass], set[int | None]] = {}
    for entry in entries:
        sent = (entry.kind, entry.author, entry.submission)
        if items.setdefault(sent, entry.item) != entry.item:
            raise entry.spot.error(
                "one item a submission", got=f"another item in {entry.submission}", remedy="Name submissions apart."
            )
        if entry.source is None and passes.setdefault(sent, entry.pass_) is not entry.pass_:
            raise entry.spot.error(
                "one pass a submission", got=f"another pass in {entry.submission}", remedy="Name submissions apart."
            )
        classes = said.setdefault((*sent, entry.pass_), set())
        if entry.class_id in classes or (classes and None in {entry.class_id, *classes}):
            raise entry.spot.error(
                "one answer a class in a submission, or a problematic item alone",
                got=f"another answer in {entry.submission}",
                remedy="Keep one, or give a later answer a submission of its own.",
            )
        classes.add(entry.class_id)


def _describe(entry: PanelEntry) -> str:
    said = [
        *([f"verdict {entry.verdict}"] if entry.verdict else []),
        *([f"category {entry.category}"] if entry.category else []),
        *([f"severity {entry.severity}"] if entry.severity else []),
        *(["a problematic item"] if entry.problematic else []),
    ]
    return " and ".join(said) or "no answer"
