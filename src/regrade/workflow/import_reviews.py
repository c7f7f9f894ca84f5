"""Take over what a panel elsewhere has said: a table of reviews, votes and decisions, or Label Studio's annotations.

All of a file is taken over in one transaction, or nothing. The same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from regrade import formats
from regrade.errors import NotFoundError
from regrade.panel import MAX_NOTE_LENGTH, merge_record
from regrade.records.exchange import EntryKind, PanelEntry, PanelMerge
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import CategoryDefinition, DecisionMethod, Taxonomy
from regrade.records.users import Role, User
from regrade.store import Transaction, journal, labelsets, reopenings, reviews, users
from regrade.store.names import user_key
from regrade.workflow.accounts import LOCAL_USER
from regrade.workflow.clock import now
from regrade.workflow.export_reviews import list_entries
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item
from regrade.workflow.protocols import apply_protocol
from regrade.workflow.questionnaires import TOKEN_PREFIX
from regrade.workflow.take_over import TakeOver
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

MAX_NAME_LENGTH = 200
"""Characters of the name of somebody elsewhere."""
FAST_CLOCK = timedelta(days=1)
"""How far a machine elsewhere may be ahead."""


@dataclass(frozen=True, slots=True)
class ReviewsReport:
    """What an import of reviews stored."""

    n_reviews: int
    """In the file."""
    n_new_reviews: int
    n_undone: int
    """Reviews that were here already, and that their reviewers have undone since."""
    n_proposals: int
    n_new_proposals: int
    n_votes: int
    n_new_votes: int
    n_decisions: int
    n_new_decisions: int
    n_kept: int
    """Decisions of the file that were not taken over, since the question was decided here in another way."""
    n_cases: int
    """Cases made for them: pairs that nobody had asked about here."""
    new_people: tuple[str, ...]
    """Whom the file names and nobody here is: made for it, they stand for people elsewhere and never log in."""
    warnings: tuple[str, ...]


def import_reviews(
    ws: Workspace,
    file: formats.FilePath | formats.ArrowTable,
    *,
    format: str | None = None,
    by: str | None = None,
    reviewers: formats.FilePath | None = None,
    split: str = MAIN_SPLIT,
    actor: str = "local",
) -> ReviewsReport:
    """Take over reviews, and the votes and decisions with them, at their own times and under their own names.

    Cases and people that are not here are made. What is undecided is settled by the protocol in force, together with
    what was answered here. A question that was decided here in another way keeps its decision.

    Args:
        ws: The workspace.
        file: The file, or a dataframe with the columns of a table.
        format: Name of the format; default: told by content.
        by: Who reviewed, where the file does not say.
        reviewers: CSV of what the file calls people (`user`; in Label Studio an id or email) and their names here
            (`name`); default: as the file calls them.
        split: The split.
        actor: Who imports, for the journal.

    Raises:
        InputError: The file is not what it must be, or says something else than before under a submission's name.
    """
    file = formats.as_path(file)
    context = formats.ReviewContext(
        split=ws.split(split),
        classes=ws.classes,
        find_token=lambda token: _find_token(ws, split, token),
        by=by,
        names=formats.read_reviewer_names(Path(reviewers)) if reviewers else {},
    )
    record = formats.read_reviews(file, context, format=format)
    _check_words(record.entries, ws.settings.taxonomy)
    with ws.store.write() as tx:
        at, version = now(), labels_of_split(ws, split)
        _check_times(record.entries, at)
        apply_protocol(ws, tx, at=at)
        refs, warnings = _match_labels(tx, record.entries, version)
        names = _match_names(tx, record.entries)
        given = [replace(entry, author=names.get(entry.author, entry.author)) for entry in record.entries]
        merge = merge_record(list_entries(tx, split), given)
        _check_submissions(tx, merge.new)
        new_people = _save_people(tx, merge.new, at)
        labels = load_labels(ws, version)
        n_cases = TakeOver(ws=ws, tx=tx, split=split, labels=labels, refs=refs, at=at).save(merge)
        warnings = (*record.warnings, *warnings, *_warn_of_reopened(tx, split, given))
        report = _report(given, merge, n_cases, new_people, warnings)
        if merge.new or merge.undone:
            source = file.name if isinstance(file, Path) else "dataframe"
            _save_line(tx, report, source=source, split=split, actor=actor, at=at)
    return report


def holds_judgements(file: Path, format: str | None = None) -> bool:
    """Whether a file is one of judgements of mistakes (see `import_judgements`), and none of reviews.

    Raises:
        InputError: The file cannot be read.
    """
    return formats.holds_judgements(file) if format is None else format in formats.FORMATS["judgements"]


def _find_token(ws: Workspace, split: str, token: str) -> int | None:
    try:
        found, position = find_item(ws, token.removeprefix(TOKEN_PREFIX))
    except NotFoundError:
        return None
    return position if found == split else None


def _check_words(entries: Sequence[PanelEntry], taxonomy: Taxonomy) -> None:
    """The words of the second pass are the taxonomy's, and notes are no longer than here."""
    for entry in entries:
        for field, word, known in (
            ("category", entry.category, taxonomy.categories),
            ("severity", entry.severity, taxonomy.severities),
        ):
            if word is not None and word not in _keys(known):
                expected = f"a {field} out of {', '.join(_keys(known))}"
                raise entry.spot.error(expected, got=repr(word[:80]), remedy="Correct it, or add it to the taxonomy.")
        if entry.kind is EntryKind.REVIEW and len(entry.note) > MAX_NOTE_LENGTH:
            expected = f"a note of at most {MAX_NOTE_LENGTH:,} characters"
            raise entry.spot.error(expected, got=f"{len(entry.note):,}", remedy="Shorten it.")


def _check_times(entries: Sequence[PanelEntry], at: datetime) -> None:
    """Nothing is said in time to come: it would outdo for ever what its reviewer says from now on."""
    for entry in entries:
        for name, time in (("created_at", entry.created_at), ("withdrawn_at", entry.withdrawn_at)):
            if time is not None and time > at + FAST_CLOCK:
                raise entry.spot.error(
                    f"a time in {name} that is not to come",
                    got=time.isoformat(),
                    remedy=f"Correct it, or this machine's clock, which says {at:%Y-%m-%d %H:%M} UTC.",
                )


def _keys(definitions: Sequence[CategoryDefinition]) -> list[str]:
    return [definition.key for definition in definitions]


def _match_labels(
    tx: Transaction, entries: Sequence[PanelEntry], version: LabelSetVersion
) -> tuple[dict[str | None, str], tuple[str, ...]]:
    """The version here that stands for each that the file names, and what a person should know of it.

    A later version than there is here stands for labels that the other workspace published: the newest here, which its
    decisions will be added to, takes its place.
    """
    newest: dict[str, LabelSetVersion] = {}
    here = [row for row in labelsets.list_label_sets(tx) if row.split == version.split]
    for row in here:
        newest[row.name] = row
    known = {row.ref for row in here}
    refs: dict[str | None, str] = {None: version.ref}
    for entry in entries:
        if entry.labels in refs:
            continue
        name = str(entry.labels).rpartition("@")[0]
        if entry.labels not in known and name not in newest:
            raise entry.spot.error(
                f"a label set of the split {version.split} ({', '.join(sorted(newest))})",
                got=repr(str(entry.labels)[:80]),
                remedy="Import the labels that the panel saw under that name first.",
            )
        refs[entry.labels] = str(entry.labels) if entry.labels in known else newest[name].ref
    replaced = [f"{theirs} (by {ours})" for theirs, ours in refs.items() if theirs not in {None, ours}]
    warnings = (f"Label set versions that are not here, replaced: {', '.join(replaced)}.",) if replaced else ()
    return refs, warnings


def _warn_of_reopened(tx: Transaction, split: str, entries: Sequence[PanelEntry]) -> tuple[str, ...]:
    """Tell of what the other workspace has published and reopened since: its labels carry it, and those here do not."""
    published = {}
    for entry in entries:
        if entry.kind is EntryKind.DECISION and entry.method is not DecisionMethod.REOPENED:
            published[entry.item, entry.class_id, entry.pass_] = entry.published_in
    waiting = reopenings.list_waiting(tx, split)
    here = {
        (row.decision.item, row.decision.class_id, row.decision.pass_)
        for row in reopenings.list_reopenings(tx, split)
        if row.decision.published_in is not None
    }
    n_missing = sum(row in waiting and row not in here for row, ref in published.items() if ref is not None)
    if not n_missing:
        return ()
    return (f"Decisions that were published there and reopened since, and that no labels here carry: {n_missing:,}.",)


def _match_names(tx: Transaction, entries: Sequence[PanelEntry]) -> dict[str, str]:
    """Names of people as they are spelled here; of those who are not here, as the file spells them first."""
    spelled: dict[str, str] = {}
    found = {}
    for name in dict.fromkeys(entry.author for entry in entries if entry.kind is not EntryKind.DECISION):
        try:
            found[name] = users.load_user(tx, name).name
        except NotFoundError:
            found[name] = spelled.setdefault(user_key(name), name)
    return found


def _check_submissions(tx: Transaction, entries: Sequence[PanelEntry]) -> None:
    """A new submission has a name that no answer of anybody else has, here or in the file."""
    taken = reviews.list_submissions(tx)
    for entry in entries:
        if entry.kind is not EntryKind.REVIEW or entry.source is not None:
            continue
        owner = taken.setdefault(entry.submission, entry.author)
        if user_key(owner) != user_key(entry.author):
            raise entry.spot.error(
                "a submission of its own", got=f"{entry.submission}, by which {owner} has answered", remedy="Rename it."
            )


def _save_people(tx: Transaction, entries: Sequence[PanelEntry], at: datetime) -> tuple[str, ...]:
    """Make the reviewers and voters who are not here: as people elsewhere, who never log in.

    The local user of a workspace is called the same everywhere, and is made as its own link would.
    """
    made = []
    for entry in entries:
        name = entry.author
        if entry.kind is EntryKind.DECISION or name in made or _is_here(tx, name):
            continue
        if not name.isprintable() or name != name.strip() or len(name) > MAX_NAME_LENGTH:
            expected = f"a name of at most {MAX_NAME_LENGTH} printable characters, without blanks at its ends"
            raise entry.spot.error(expected, got=repr(name[:80]), remedy="Rename the reviewer with --reviewers FILE.")
        user = User(name, "external", frozenset(), disabled=False, created_at=at)
        if name.casefold() == LOCAL_USER:
            user = User(LOCAL_USER, "local", frozenset(Role), disabled=False, created_at=at)
        users.save_user(tx, user, password_hash=None, at=at)
        made.append(name)
    return tuple(made)


def _is_here(tx: Transaction, name: str) -> bool:
    try:
        users.load_user(tx, name)
    except NotFoundError:
        return False
    return True


def _report(
    given: Sequence[PanelEntry], merge: PanelMerge, n_cases: int, new_people: tuple[str, ...], warnings: tuple[str, ...]
) -> ReviewsReport:
    def count(entries: Sequence[PanelEntry], kind: EntryKind) -> int:
        return sum(entry.kind is kind for entry in entries)

    if merge.n_differing:
        warnings = (
            *warnings,
            f"Questions that were decided otherwise here, and keep their decision: {merge.n_differing:,}.",
        )
    return ReviewsReport(
        n_reviews=count(given, EntryKind.REVIEW),
        n_new_reviews=count(merge.new, EntryKind.REVIEW),
        n_undone=len(merge.undone),
        n_proposals=count(given, EntryKind.PROPOSAL),
        n_new_proposals=count(merge.new, EntryKind.PROPOSAL),
        n_votes=count(given, EntryKind.VOTE),
        n_new_votes=count(merge.new, EntryKind.VOTE),
        n_decisions=count(given, EntryKind.DECISION),
        n_new_decisions=count(merge.new, EntryKind.DECISION),
        n_kept=len(merge.kept),
        n_cases=n_cases,
        new_people=new_people,
        warnings=warnings,
    )


def _save_line(tx: Transaction, report: ReviewsReport, *, source: str, split: str, actor: str, at: datetime) -> None:
    facts = {
        "file": source,
        "split": split,
        "n_reviews": report.n_new_reviews,
        "n_undone": report.n_undone,
        "n_proposals": report.n_new_proposals,
        "n_votes": report.n_new_votes,
        "n_decisions": report.n_new_decisions,
        "new_people": list(report.new_people),
    }
    journal.save_line(tx, actor=actor, action="reviews.import", facts=facts, at=at)
