"""Reviewing: queue, answers, undo, skip, and what settles."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

import pytest

from regrade.errors import ConflictError, InputError, NotFoundError, PermissionDeniedError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, DecisionMethod, KindAnswer, Pass, QuestionStatus, VerdictAnswer
from regrade.records.users import User
from regrade.store import decisions, journal, questions, reviews
from regrade.workflow.cases import make_cases
from regrade.workflow.judgements import import_judgements
from regrade.workflow.publish import publish_labels
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue, skip_screen, undo_last
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import (
    answer_all,
    decided,
    give,
    item_of,
    predict,
    send,
    set_protocol,
    undo,
    verdicts,
    write_judgements,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
TRUTH = {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}, 7: {0: UNCLEAR, 3: CORRECT}}
"""What a reviewer says by item and class; the rest is wrong."""


def current(ws: Workspace) -> dict[tuple[int, int | None, Pass], Verdict | None]:
    with ws.store.read() as tx:
        return {
            (row.item, row.class_id, row.pass_): row.verdict for row in decisions.list_current_decisions(tx, "main")
        }


def statuses(ws: Workspace, item: int, pass_: Pass = Pass.VERDICT) -> dict[int, QuestionStatus]:
    with ws.store.read() as tx:
        return {row.class_id: row.status for row in questions.list_item_questions(tx, "main", item, pass_)}


def first(ws: Workspace, user: User, pass_: Pass = Pass.VERDICT) -> ReviewScreen:
    return load_queue(ws, user, pass_).screens[0]


def test_a_screen_asks_for_all_open_cases_and_accepted_classes_of_an_item(
    ws: Workspace, people: dict[str, User]
) -> None:
    make_cases(ws)
    asked = {}
    while screens := load_queue(ws, people["ada"], Pass.VERDICT).screens:
        item = item_of(ws, screens[0])
        asked[item] = {card.class_id for card in screens[0].cards}
        answer_screen(ws, people["ada"], screens[0].id, verdicts(screens[0], TRUTH[item]), key=screens[0].id)
    # item 0: label 0, alpha said 1, beta said 2; item 3: label 1, both said 2; item 7: label 3, beta said 0
    assert asked == {0: {0, 1, 2}, 3: {1, 2}, 7: {0, 3}}


def test_two_agreeing_reviewers_decide(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    assert answer_all(ws, people["ada"], TRUTH) == 3
    assert current(ws) == {}
    assert answer_all(ws, people["bo"], TRUTH) == 3
    expected = {(0, 0): CORRECT, (0, 1): CORRECT, (0, 2): WRONG, (3, 1): CORRECT, (3, 2): WRONG}
    expected |= {(7, 3): CORRECT, (7, 0): UNCLEAR}
    assert current(ws) == {(*pair, Pass.VERDICT): verdict for pair, verdict in expected.items()}
    assert load_queue(ws, people["root"], Pass.VERDICT).screens == ()


def test_difference_goes_to_adjudication(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    answer_all(ws, people["ada"], TRUTH)
    answer_all(ws, people["bo"], TRUTH | {3: {1: CORRECT, 2: CORRECT}})
    assert statuses(ws, 3) == {1: QuestionStatus.DECIDED, 2: QuestionStatus.DISPUTED}


def test_the_view_of_a_first_pass_screen_holds_no_role_and_no_item(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    assert set(asdict(screen)) == {"id", "pass_", "media", "cards", "accepted", "part", "n_parts", "labels", "sight"}
    assert (screen.accepted, screen.sight) == ((), None)
    text = repr(screen)
    assert not re.search(r"alpha|beta|img_|predict|\bbo\b", text)


def test_examples_never_come_from_items_that_the_panel_is_asked_about(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    cards = {card.class_id: card for card in first(ws, people["ada"]).cards}
    # of class 0 (items 0, 1) only item 1 has no case, of class 1 (2, 3) only 2, of class 3 (6, 7) only 6; class 2 has
    # two and shows one like the others: a class with fewer examples would be known as the item's own
    assert {len(card.examples) for card in cards.values()} == {1}


def test_coming_back_gives_the_same_screens(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    before = load_queue(ws, people["ada"], Pass.VERDICT)
    after = load_queue(ws, people["ada"], Pass.VERDICT)
    assert [screen.id for screen in before.screens] == [screen.id for screen in after.screens]
    assert len(before.screens) == 3
    assert before.progress.n_total == 3


def test_what_the_page_has_is_not_given_once_more(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    all_of_them = load_queue(ws, people["ada"], Pass.VERDICT)
    assert all_of_them.open == tuple(screen.id for screen in all_of_them.screens)
    rest = load_queue(ws, people["ada"], Pass.VERDICT, have=all_of_them.open[:2])
    assert [screen.id for screen in rest.screens] == [all_of_them.open[2]]
    assert rest.open == all_of_them.open


def test_progress_counts_answers(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, TRUTH[item_of(ws, screen)]), key="a")
    progress = load_queue(ws, people["ada"], Pass.VERDICT).progress
    assert (progress.n_answered, progress.n_left, progress.n_total) == (1, 2, 3)


@pytest.mark.parametrize("pass_", Pass)
def test_progress_counts_items_whatever_the_number_of_their_screens(
    ws: Workspace, people: dict[str, User], pass_: Pass
) -> None:
    set_protocol(ws, max_classes_per_screen=1)
    make_cases(ws)
    if pass_ is Pass.KIND:  # all that models predict is wrong, on item 3 two classes
        for name in ("ada", "bo"):
            answer_all(ws, people[name], {0: {0: CORRECT}, 3: {1: CORRECT}, 7: {3: CORRECT}})
    seen: list[tuple[int, int]] = []
    while (queue := load_queue(ws, people["ada"], pass_)).screens:
        seen.append((queue.progress.n_answered, queue.progress.n_left))
        screen = queue.screens[0]
        class_ids = [card.class_id for card in screen.cards]
        answers = Answers((), tuple(KindAnswer(row, "fine-grained", "minor") for row in class_ids))
        if pass_ is Pass.VERDICT:
            answers = Answers(tuple(VerdictAnswer(row, UNCLEAR) for row in class_ids))
        answer_screen(ws, people["ada"], screen.id, answers, key=f"screen {len(seen)}")
    assert len(seen) > 3
    assert {sum(counts) for counts in seen} == {3}  # three items have cases
    assert [n for n, _ in seen] == sorted(n for n, _ in seen)
    assert (queue.progress.n_answered, queue.progress.n_left) == (3, 0)


def test_a_page_that_asks_for_the_next_screens_is_told_of_its_own_progress(
    ws: Workspace, people: dict[str, User]
) -> None:
    make_cases(ws)
    screen, *rest = load_queue(ws, people["ada"], Pass.VERDICT).screens
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, TRUTH[item_of(ws, screen)]), key="a")
    progress = load_queue(ws, people["ada"], Pass.VERDICT, have=[row.id for row in rest]).progress
    assert (progress.n_answered, progress.n_left) == (1, 2)


def test_items_that_others_have_begun_come_first(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    dealt = {item_of(ws, row) for row in load_queue(ws, people["ada"], Pass.VERDICT).screens}
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, TRUTH[item_of(ws, screen)]), key="a")
    queue = load_queue(ws, people["bo"], Pass.VERDICT)
    assert {item_of(ws, row) for row in queue.screens} <= dealt | {item_of(ws, screen)}


def test_a_third_reviewer_is_not_asked_where_two_are_at_work(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH)
    assert load_queue(ws, people["root"], Pass.VERDICT).progress.n_left == 0


def test_the_same_key_gives_the_same_receipt_and_one_review(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    answers = verdicts(screen, TRUTH[item_of(ws, screen)])
    one = answer_screen(ws, people["ada"], screen.id, answers, key="k")
    assert answer_screen(ws, people["ada"], screen.id, answers, key="k") == one
    with ws.store.read() as tx:
        assert len(reviews.list_item_reviews(tx, "main", item_of(ws, screen))) == len(screen.cards)
    with pytest.raises(ConflictError, match="key"):
        answer_screen(ws, people["ada"], screen.id, replace(answers, note="other"), key="k")


def test_an_answered_screen_is_not_answered_again(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    answers = verdicts(screen, TRUTH[item_of(ws, screen)])
    answer_screen(ws, people["ada"], screen.id, answers, key="k")
    with pytest.raises(ConflictError, match="answered"):
        answer_screen(ws, people["ada"], screen.id, answers, key="other")


def test_anothers_screen_cannot_be_answered(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    with pytest.raises(NotFoundError, match="no such screen"):
        answer_screen(ws, people["bo"], screen.id, verdicts(screen, {}), key="k")
    with pytest.raises(PermissionDeniedError, match="review"):
        answer_screen(ws, people["jude"], screen.id, verdicts(screen, {}), key="k")


def test_incomplete_answers_are_refused_and_nothing_is_stored(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    with ws.store.read() as tx:
        n_lines = len(journal.list_lines(tx))
    with pytest.raises(InputError, match="class"):
        answer_screen(
            ws, people["ada"], screen.id, Answers(verdicts=(VerdictAnswer(screen.cards[0].class_id, WRONG),)), key="k"
        )
    with ws.store.read() as tx:
        assert len(journal.list_lines(tx)) == n_lines
        assert reviews.list_item_reviews(tx, "main", item_of(ws, screen)) == ()


def test_problematic_by_both_closes_the_item(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    item = item_of(ws, screen)
    answer_screen(ws, people["ada"], screen.id, Answers(problematic=True), key="a")
    other = next(row for row in load_queue(ws, people["bo"], Pass.VERDICT).screens if item_of(ws, row) == item)
    answer_screen(ws, people["bo"], other.id, Answers(problematic=True), key="b")
    assert set(statuses(ws, item).values()) == {QuestionStatus.CLOSED}
    assert current(ws) == {(item, None, Pass.VERDICT): None}


def test_an_added_class_is_asked_of_the_others_and_needs_a_second_word(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    answer_all(ws, people["bo"], TRUTH)
    while screens := load_queue(ws, people["ada"], Pass.VERDICT).screens:
        item = item_of(ws, screens[0])
        answers = verdicts(screens[0], TRUTH[item])
        if item == 3:
            answers = replace(answers, verdicts=(*answers.verdicts, VerdictAnswer(3, CORRECT, added=True)))
        answer_screen(ws, people["ada"], screens[0].id, answers, key=screens[0].id)
    assert statuses(ws, 3) == {1: QuestionStatus.DECIDED, 2: QuestionStatus.DECIDED, 3: QuestionStatus.OPEN}
    again = first(ws, people["bo"])
    assert item_of(ws, again) == 3
    assert {card.class_id for card in again.cards} == {1, 2, 3}  # all that he has met there comes back
    answer_screen(ws, people["bo"], again.id, verdicts(again, {1: CORRECT, 3: CORRECT}), key="again")
    assert current(ws)[3, 3, Pass.VERDICT] is CORRECT


def test_undo_reopens_the_answer_and_what_it_decided(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    answer_all(ws, people["ada"], TRUTH)
    screen = first(ws, people["bo"])
    item = item_of(ws, screen)
    answer_screen(ws, people["bo"], screen.id, verdicts(screen, TRUTH[item]), key="b")
    assert any(pair[0] == item for pair in current(ws))
    undo_last(ws, people["bo"], Pass.VERDICT, key="u")
    assert not any(pair[0] == item for pair in current(ws))
    assert set(statuses(ws, item).values()) == {QuestionStatus.OPEN}
    assert first(ws, people["bo"]).id == screen.id
    with ws.store.read() as tx:
        given = reviews.list_item_reviews(tx, "main", item)
    assert sum(row.withdrawn for row in given) == len(screen.cards)
    answer_screen(ws, people["bo"], screen.id, verdicts(screen, {}), key="b2")
    assert QuestionStatus.DISPUTED in statuses(ws, item).values()


def test_the_queue_counts_every_open_screen_after_an_undo(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, TRUTH[item_of(ws, screen)]), key="a")
    load_queue(ws, people["ada"], Pass.VERDICT)  # the others are dealt ahead by now
    undo_last(ws, people["ada"], Pass.VERDICT, key="u")
    queue = load_queue(ws, people["ada"], Pass.VERDICT)
    assert (queue.progress.n_answered, queue.progress.n_left) == (0, 3)
    assert len(queue.screens) == 3


def test_undo_without_an_answer_says_so(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    with pytest.raises(ConflictError, match="no answer to undo"):
        undo_last(ws, people["ada"], Pass.VERDICT, key="u")


def test_a_skipped_item_comes_back_last(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    screen = first(ws, people["ada"])
    skipped = item_of(ws, screen)
    skip_screen(ws, people["ada"], screen.id, key="s")
    seen = []
    while screens := load_queue(ws, people["ada"], Pass.VERDICT).screens:
        item = item_of(ws, screens[0])
        seen.append(item)
        answer_screen(ws, people["ada"], screens[0].id, verdicts(screens[0], TRUTH[item]), key=screens[0].id)
    assert len(seen) == 3
    assert seen[-1] == skipped


def test_second_pass_asks_the_kind_of_predicted_classes_decided_wrong(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    assert load_queue(ws, people["ada"], Pass.KIND).screens == ()
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH)
    asked = {}
    for name in ("ada", "bo"):
        while screens := load_queue(ws, people[name], Pass.KIND).screens:
            (card,) = screens[0].cards
            asked[item_of(ws, screens[0]), card.class_id] = {row.class_id for row in screens[0].accepted}
            kind = KindAnswer(card.class_id, "fine-grained", "major" if name == "ada" else "minor")
            if item_of(ws, screens[0]) == 3:
                kind = replace(kind, severity="minor")
            answer_screen(ws, people[name], screens[0].id, Answers(kinds=(kind,)), key=f"{name}{screens[0].id}")
    # beside the labels, what the panel has decided: dough on item 0 is correct too
    assert asked == {(0, 2): {0, 1}, (3, 2): {1}}
    assert statuses(ws, 3, Pass.KIND) == {2: QuestionStatus.DECIDED}
    assert statuses(ws, 0, Pass.KIND) == {2: QuestionStatus.DISPUTED}
    with ws.store.read() as tx:
        (kind_decision,) = decisions.list_current_decisions(tx, "main", pass_=Pass.KIND)
    assert (kind_decision.category, kind_decision.severity) == ("fine-grained", "minor")
    assert kind_decision.method is DecisionMethod.CONSENSUS


def test_undo_is_refused_once_the_second_pass_has_begun(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    all_wrong = {0: {0: CORRECT}, 3: {1: CORRECT}, 7: {3: CORRECT}}
    for name in ("ada", "bo"):
        answer_all(ws, people[name], all_wrong)
    while screens := load_queue(ws, people["ada"], Pass.KIND).screens:
        kind = KindAnswer(screens[0].cards[0].class_id, "fine-grained", "minor")
        answer_screen(ws, people["ada"], screens[0].id, Answers(kinds=(kind,)), key=screens[0].id)
    before = current(ws)
    with pytest.raises(ConflictError, match="second pass has begun"):
        undo_last(ws, people["bo"], Pass.VERDICT, key="u")
    assert current(ws) == before


def test_undo_leaves_what_was_decided_before_the_answer(ws: Workspace, people: dict[str, User]) -> None:
    """In a later round the accepted classes ride along again; their decisions are published, and do not rest on it."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: CORRECT})
    publish_labels(ws, by="root", reason="first round")
    before = decided(ws)
    predict(ws, "delta", {0: 2})
    screen = give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    undo(ws, people["ada"])
    assert decided(ws) == before
    assert first(ws, people["ada"]).id == screen.id


def test_undo_leaves_what_was_judged_elsewhere(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    screen = first(ws, people["ada"])
    predict(ws, "delta", {0: 2})
    import_judgements(ws, write_judgements(ws, {0: 1}), by="A panel elsewhere")
    send(ws, people["ada"], screen, verdicts(screen, {0: CORRECT, 1: CORRECT}))
    undo(ws, people["ada"])
    assert decided(ws)[0, 1].method is DecisionMethod.IMPORTED
