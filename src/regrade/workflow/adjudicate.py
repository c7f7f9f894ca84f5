"""Adjudication: an adjudicator's word on what waits, with a reason; it decides once enough say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from regrade.errors import ConflictError, InputError
from regrade.panel import Action, Tally, newest_on, require, tally, votes_needed
from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, DecisionMethod, KindAnswer, Origin, Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import Transaction, ballots, decisions, journal, labelsets, questions, reopenings
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.disputes import NOT_WAITING, RELOAD, OpenDispute, find_dispute, load_votes, open_disputes
from regrade.workflow.drafts import CHANGED_SINCE
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import close_item, close_second_pass, open_second_pass, overrule, take_back
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What an adjudicator says of one item."""

    verdicts: dict[int, Verdict]
    """By class id; may name a class that nobody asked about."""
    problematic: bool = False
    kinds: tuple[KindAnswer, ...] = ()
    reason: str = ""
    labels: str | None = None
    """`NAME@N` that the adjudicator was shown; None: the one in force."""


def adjudicate(ws: Workspace, user: User, token: str, pass_: Pass, adjudication: Adjudication, *, key: str) -> Receipt:
    """Say what is true of what waits on one item, with a reason. All or nothing, saved once.

    Where one adjudicator decides, that decides it. Where adjudicators vote, it decides what more than half of them say;
    the rest waits for one more vote. Who votes again on an item takes the earlier vote back.

    Raises:
        NotFoundError: There is no such item, or no version of the labels that was shown.
        ConflictError: The item waits for no adjudicator (any more): somebody was there first.
        InputError: No reason; a disputed class without a verdict; or no accepted class would be left.
    """
    require(user, Action.ADJUDICATE, protocol=ws.protocol)
    split, item = find_item(ws, token)
    body = {"item": token, "pass": str(pass_), "adjudication": _as_body(adjudication)}

    def act() -> None:
        dispute = find_dispute(open_disputes(ws, tx, split), item, pass_)
        if dispute is None:
            raise ConflictError(NOT_WAITING, remedy=RELOAD)
        desk = _Desk(ws, tx, split, dispute, at)
        desk.vote(user, adjudication, ballot=key)
        decided = desk.settle(voter=user.name)
        action = "adjudication.save" if decided else "adjudication.vote"
        facts = {"item": ws.split(split).ids[item], "pass": str(pass_), "reason": adjudication.reason.strip()}
        journal.save_line(tx, actor=user.name, action=action, facts=facts, at=at)

    with ws.store.write() as tx:
        at = now()
        return run_once(tx, key=key, user=user.name, body=body, at=at, act=act)


def count_again(ws: Workspace, tx: Transaction, split: str, *, at: datetime) -> None:
    """Decide what the votes that are in decide by the protocol in force now, where it was another when they came in."""
    for row in open_disputes(ws, tx, split):
        _Desk(ws, tx, split, row, at).settle()


def _as_body(adjudication: Adjudication) -> dict[str, object]:
    body = asdict(adjudication)
    body["verdicts"] = {str(class_id): str(verdict) for class_id, verdict in adjudication.verdicts.items()}
    return body


@dataclass(frozen=True, slots=True)
class _Desk:
    """One item that waits, within one transaction."""

    ws: Workspace
    tx: Transaction
    split: str
    dispute: OpenDispute
    at: datetime

    def vote(self, user: User, adjudication: Adjudication, *, ballot: str) -> None:
        """Check what an adjudicator says, and append it."""
        reason = adjudication.reason.strip()
        if not reason:
            raise InputError("a reason", got="none", remedy="Say in a few words why.")
        blank = BallotRow(
            id=0,
            ballot=ballot,
            voter=user.name,
            split=self.split,
            item=self.dispute.item,
            class_id=None,
            pass_=self.dispute.pass_,
            verdict=None,
            category=None,
            severity=None,
            reason=reason,
            labels=self._find_labels(adjudication.labels),
            after=None,
            created_at=self.at,
        )
        newest = decisions.load_newest_ids(self.tx, self.split, self.dispute.item, self.dispute.pass_)
        rows = self._rows(blank, adjudication)
        ballots.save_ballot(self.tx, [replace(row, after=newest_on(row.class_id, newest)) for row in rows])

    def settle(self, *, voter: str | None = None) -> bool:
        """Decide what enough adjudicators say; False where that is nothing yet.

        Where one is enough, whoever votes decides, whatever is left of a time when more were needed.
        """
        votes = load_votes(self.tx, self.split, self.dispute.item, self.dispute.pass_)
        n_needed = votes_needed(self.ws.protocol_in(self.tx))
        if n_needed == 1 and voter is not None:
            votes = tuple(row for row in votes if row.voter == voter)
        counted = tally(votes, n_needed=n_needed)
        if not counted.agreeing:
            return False
        bench = _Bench(self.ws, self.tx, self.split, self.dispute, self.at, counted.agreeing)
        return bench.decide(counted)

    def _find_labels(self, shown: str | None) -> str:
        """The version that a decision is based on: what changed since is for publishing to notice."""
        if shown is None:
            return labels_of_split(self.ws, self.split).ref
        version = labelsets.load_version(self.tx, shown)
        if (version.ref, version.split) != (shown, self.split):
            raise InputError(f"a version NAME@N of the labels of the split {self.split}", got=shown)
        return shown

    def _rows(self, blank: BallotRow, adjudication: Adjudication) -> list[BallotRow]:
        if self.dispute.pass_ is Pass.KIND:
            self._check_kinds(adjudication.kinds)
            return [
                replace(blank, class_id=row.class_id, category=row.category, severity=row.severity)
                for row in adjudication.kinds
            ]
        if adjudication.problematic:
            return [blank]
        self._check_verdicts(adjudication.verdicts)
        rows = [replace(blank, class_id=key, verdict=verdict) for key, verdict in adjudication.verdicts.items()]
        return rows or [replace(blank, verdict=Verdict.CORRECT)]

    def _check_kinds(self, kinds: Sequence[KindAnswer]) -> None:
        taxonomy = self.ws.settings.taxonomy
        categories = {row.key for row in taxonomy.categories}
        severities = {row.key for row in taxonomy.severities}
        if sorted(row.class_id for row in kinds) != sorted(self.dispute.classes):
            raise _incomplete("a category and a severity for every disputed class")
        for kind in kinds:
            if kind.category not in categories or kind.severity not in severities:
                raise InputError("a category and a severity of the taxonomy", got=f"{kind.category}, {kind.severity}")

    def _check_verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        missing = [class_id for class_id in self.dispute.classes if class_id not in verdicts]
        if missing:
            names = ", ".join(self.ws.classes.titles[class_id] for class_id in missing)
            raise _incomplete(f"a verdict for every disputed class (missing: {names})")
        if not all(0 <= class_id < len(self.ws.classes) for class_id in verdicts):
            raise InputError(f"class ids 0 to {len(self.ws.classes) - 1}", got=str(sorted(verdicts)))
        if not _keeps_accepted(self.ws, self.tx, self.split, self.dispute.item, verdicts):
            raise InputError(
                "at least one class correct or unclear, or a problematic item",
                got="every class wrong",
                remedy="Add the class that the item shows, or mark the item as problematic.",
            )


@dataclass(frozen=True, slots=True)
class _Bench:
    """The adjudicators who say the same of one item, within one transaction."""

    ws: Workspace
    tx: Transaction
    split: str
    dispute: OpenDispute
    at: datetime
    agreeing: tuple[BallotRow, ...]

    def decide(self, counted: Tally) -> bool:
        """Save what they decide; False where it settles nothing of what waits, or would leave no accepted class."""
        if counted.problematic:
            self._decide_problematic()
        elif counted.kinds:
            self._decide_kinds(counted.kinds)
        elif counted.usable or set(counted.verdicts) & set(self.dispute.classes) or not self.dispute.classes:
            if not _keeps_accepted(self.ws, self.tx, self.split, self.dispute.item, counted.verdicts):
                return False
            self._decide_verdicts(counted.verdicts)
        else:
            return False
        return True

    def _decide_kinds(self, kinds: Iterable[KindAnswer]) -> None:
        for kind in kinds:
            self._save(kind.class_id, category=kind.category, severity=kind.severity)
            self._mark({kind.class_id}, QuestionStatus.DECIDED)

    def _decide_problematic(self) -> None:
        for row in self._waiting() if self.dispute.reason == CHANGED_SINCE else ():
            if row.class_id in self.dispute.classes:
                take_back(self.tx, row, reason="the item is problematic", at=self.at)
                self._mark({row.class_id}, QuestionStatus.CLOSED)
        self._save(None)
        close_item(self.tx, self.split, self.dispute.item)

    def _decide_verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        items = [self.dispute.item] * len(verdicts)
        asked = list(verdicts)
        ask(self.ws, self.tx, self.split, items, asked, pass_=Pass.VERDICT, origin=Origin.ADDED, at=self.at)
        if self._end_problematic():
            self._save(None, usable=True)
        for class_id, verdict in verdicts.items():
            self._save(class_id, verdict=verdict)
        self._mark(set(verdicts), QuestionStatus.DECIDED)
        self._steer_second_pass(verdicts)

    def _end_problematic(self) -> bool:
        """Take back that the item is problematic, where that waits; True where it was said or taken back before."""
        item = self.dispute.item
        flags = [row for row in self._waiting() if row.class_id is None]
        for row in flags:
            if not row.usable:
                overrule(self.tx, row, author=self._author, reason="verdicts were given instead", at=self.at)
        return bool(flags) or item in reopenings.list_pending_items(self.tx, self.split)

    def _waiting(self) -> tuple[Decision, ...]:
        return list_waiting(self.tx, self.split, self.dispute.item)

    def _steer_second_pass(self, verdicts: Mapping[int, Verdict]) -> None:
        item = self.dispute.item
        rows = questions.list_item_questions(self.tx, self.split, item, Pass.VERDICT)
        wrong = [row for row in rows if verdicts.get(row.class_id) is Verdict.WRONG]
        open_second_pass(self.ws, self.tx, wrong, at=self.at)
        for class_id, verdict in verdicts.items():
            if verdict is not Verdict.WRONG:
                close_second_pass(self.tx, self.split, item, class_id, at=self.at)

    def _mark(self, classes: set[int], status: QuestionStatus) -> None:
        rows = questions.list_item_questions(self.tx, self.split, self.dispute.item, self.dispute.pass_)
        ids = [row.id for row in rows if row.class_id in classes]
        questions.save_status(self.tx, ids, status)
        questions.save_held(self.tx, ids, held=False)

    @property
    def _author(self) -> str:
        return ", ".join(sorted({row.voter for row in self.agreeing}))

    def _save(
        self,
        class_id: int | None,
        *,
        verdict: Verdict | None = None,
        category: str | None = None,
        severity: str | None = None,
        usable: bool = False,
    ) -> None:
        here = [row for row in self.agreeing if row.class_id == class_id] or self.agreeing
        decisions.save_decision(
            self.tx,
            split=self.split,
            item=self.dispute.item,
            class_id=class_id,
            pass_=self.dispute.pass_,
            verdict=verdict,
            category=category,
            severity=severity,
            method=DecisionMethod.ADJUDICATION,
            author=", ".join(sorted({row.voter for row in here})),
            reason=_join_reasons(here),
            base=_oldest_base(here),
            at=self.at,
            usable=usable,
        )


def list_waiting(tx: Transaction, split: str, item: int) -> tuple[Decision, ...]:
    """The first-pass decisions on an item that no version carries yet."""
    return decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT, item=item, unpublished=True)


def _keeps_accepted(ws: Workspace, tx: Transaction, split: str, item: int, verdicts: Mapping[int, Verdict]) -> bool:
    """Whether the item keeps an accepted class by the labels, by what waits to be published, and by these verdicts."""
    accepted = load_labels(ws, labels_of_split(ws, split)).accepted_classes(item)
    standing: dict[int, Verdict] = dict.fromkeys(accepted, Verdict.CORRECT)
    waiting = list_waiting(tx, split, item)
    standing |= {row.class_id: row.verdict for row in waiting if row.class_id is not None and row.verdict}
    standing |= verdicts
    return any(verdict is not Verdict.WRONG for verdict in standing.values())


def _join_reasons(votes: Sequence[BallotRow]) -> str:
    """One adjudicator's reason as it is; of several, each with its author."""
    if len({row.voter for row in votes}) == 1:
        return votes[-1].reason
    return "; ".join(dict.fromkeys(f"{row.voter}: {row.reason}" for row in votes))


def _oldest_base(votes: Sequence[BallotRow]) -> str:
    """The oldest version that those who voted were shown, of the label set that the last of them was shown."""
    name = votes[-1].labels.rpartition("@")[0]
    versions = [int(row.labels.rpartition("@")[2]) for row in votes if row.labels.rpartition("@")[0] == name]
    return f"{name}@{min(versions)}"


def _incomplete(expected: str) -> InputError:
    return InputError(expected, got="an incomplete adjudication", remedy="Decide the rest and send it again.")
