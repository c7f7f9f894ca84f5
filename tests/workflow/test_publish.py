"""Adjudicate, publish, grade again: figures worked by hand on the small benchmark."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.errors import ConflictError, InputError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass
from regrade.records.users import User
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import list_cases, make_cases
from regrade.workflow.disputes import list_disputes, load_dispute
from regrade.workflow.grade import grade_models
from regrade.workflow.label_diffs import diff_versions
from regrade.workflow.labels import import_labels, labels_of_split, load_labels, resolve_labels, use_labels
from regrade.workflow.overview import load_overview
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import preview_publication, publish_labels
from regrade.workflow.review import answer_screen, load_queue
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import LABELS, answer_all, flag, give, predict, send, verdicts, write_labels

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
TRUTH = {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}, 7: {0: UNCLEAR, 3: CORRECT}}


@pytest.fixture
def judged(ws: Workspace, people: dict[str, User]) -> Workspace:
    """Two reviewers have answered alike: (0,1) correct, (0,2) wrong, (3,2) wrong, (7,0) unclear, labels correct."""
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH)
    return ws


def by_model(ws: Workspace, labels: str | None = None) -> dict[str, tuple[float | None, int, int, int]]:
    return {
        row.model: (row.multilabel_accuracy, row.n_mistakes, row.n_judged_wrong, row.n_unreviewed)
        for row in grade_models(ws, labels=labels)
    }


def test_grades_before_and_after_a_publication(judged: Workspace) -> None:
    # before: alpha is wrong on items 0 (class 0) and 3 (class 1): classes 1/2, 1/2, 1, 1 -> 0.75
    #         beta also on item 7 (class 3): 1/2, 1/2, 1, 1/2 -> 0.625
    assert by_model(judged) == {"alpha": (0.75, 2, 0, 2), "beta": (0.625, 3, 0, 3)}
    report = publish_labels(judged, by="root", reason="first round")
    assert report.version.ref == "original@2"
    assert report.version.parent == "original@1"
    # changed: (0,1) correct, (0,2) wrong, (3,2) wrong, (7,0) unclear; the three labels were confirmed
    assert (report.n_changes, report.n_decisions, report.n_open_cases) == (4, 7, 0)
    # after: alpha is right on item 0 (class 1), still wrong on 3 -> 1, 1/2, 1, 1 -> 0.875, judged wrong
    #        beta is wrong on 0 (class 2 judged wrong) and 3, right on 7 (unclear) -> 1/2, 1/2, 1, 1 -> 0.75
    assert by_model(judged) == {"alpha": (0.875, 1, 1, 0), "beta": (0.75, 2, 2, 0)}
    assert by_model(judged, "original@1") == {"alpha": (0.75, 2, 0, 2), "beta": (0.625, 3, 0, 3)}
    assert [row.multilabel_accuracy for row in report.after] == [0.875, 0.75]
    assert report.after == grade_models(judged)  # though only the changed items were looked at


def test_two_decisions_on_one_item_from_two_models_cases(judged: Workspace) -> None:
    publish_labels(judged, by="root", reason="first round")
    labels = load_labels(judged, "original@2")
    assert [labels.verdict(0, class_id) for class_id in range(4)] == [CORRECT, CORRECT, WRONG, None]


def test_a_second_publish_in_a_row_has_nothing_to_do(judged: Workspace) -> None:
    publish_labels(judged, by="root", reason="first round")
    assert not preview_publication(judged).can_publish
    with pytest.raises(ConflictError, match="Nothing has been decided"):
        publish_labels(judged, by="root", reason="again")
    assert resolve_labels(judged).ref == "original@2"


def test_where_all_that_was_decided_is_held_back_it_says_where_to_settle_that(
    ws: Workspace, people: dict[str, User]
) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], {0: {}, 3: {}, 7: {}})  # every class wrong, also the labels
    with pytest.raises(ConflictError, match="waits for an adjudicator") as raised:
        publish_labels(ws, by="root", reason="too early")
    assert "on the page Adjudicate" in raised.value.remedy


def test_publishing_works_with_undecided_cases_left_and_they_move_on(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    answer_all(ws, people["ada"], TRUTH)
    answer_all(ws, people["bo"], TRUTH | {3: {1: CORRECT, 2: CORRECT}})
    report = publish_labels(ws, by="root", reason="what is agreed")
    assert report.n_open_cases == 1
    assert [row.item_id for row in list_cases(ws, status=None) if row.status == "disputed"] == ["img_3.png"]
    assert load_labels(ws, "original@2").verdict(3, 2) is None
    token = list_disputes(ws)[0].token
    adjudicate(
        ws, people["jude"], token, Pass.VERDICT, Adjudication({2: CORRECT}, reason="it is a knotted bun"), key="j"
    )
    second = publish_labels(ws, by="root", reason="the rest")
    assert second.version.ref == "original@3"
    assert load_labels(ws, "original@3").verdict(3, 2) is CORRECT
    assert second.n_changes == 1


def test_only_never_judged_pairs_become_new_cases_for_one_more_model(judged: Workspace) -> None:
    publish_labels(judged, by="root", reason="first round")
    # gamma repeats (0,1), now correct, and (3,2), now wrong; (5,0) and (6,1) are new
    top1 = np.array((1, 0, 1, 2, 2, 0, 1, 3))
    path = judged.folder / "gamma.npy"
    np.save(path, top1)
    (report,) = import_predictions(judged, [("gamma", path)])
    assert report.n_new_cases == 2
    dry = make_cases(judged, dry_run=True)
    assert (dry.n_cases, dry.n_new_cases, dry.n_items) == (2, 2, 2)
    made = make_cases(judged)
    assert (made.n_cases, made.n_new_cases, made.n_items, made.labels) == (2, 2, 2, "original@2")
    again = make_cases(judged)
    assert (again.n_cases, again.n_new_cases) == (2, 0)


def test_an_item_that_would_keep_no_accepted_class_is_held_back(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH | {3: {}})  # item 3: label 1 and prediction 2 both wrong
    preview = preview_publication(ws)
    assert [row.item_id for row in preview.held_back] == ["img_3.png"]
    report = publish_labels(ws, by="root", reason="first round")
    assert report.n_held_back == 1
    assert load_labels(ws, "original@2").verdict(3, 1) is CORRECT
    (dispute,) = list_disputes(ws)
    assert (dispute.item_id, dispute.reason) == ("img_3.png", "no accepted class left")
    with pytest.raises(InputError, match="at least one class"):
        adjudicate(
            ws, people["jude"], dispute.token, Pass.VERDICT, Adjudication({1: WRONG, 2: WRONG}, reason="r"), key="a"
        )
    added = Adjudication({1: WRONG, 2: WRONG, 3: CORRECT}, reason="it is a bun")
    adjudicate(ws, people["jude"], dispute.token, Pass.VERDICT, added, key="b")
    publish_labels(ws, by="root", reason="held back before")
    labels = load_labels(ws, "original@3")
    assert [labels.verdict(3, class_id) for class_id in (1, 2, 3)] == [WRONG, WRONG, CORRECT]
    assert list_disputes(ws) == ()


def test_a_held_back_item_can_be_problematic(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH | {3: {}})
    (dispute,) = list_disputes(ws)
    adjudicate(
        ws, people["jude"], dispute.token, Pass.VERDICT, Adjudication({}, problematic=True, reason="blurred"), key="a"
    )
    publish_labels(ws, by="root", reason="first round")
    assert load_labels(ws, "original@2").is_problematic(3) is True
    assert {row.model: row.n_graded for row in grade_models(ws)} == {"alpha": 7, "beta": 7}


def test_adjudication_needs_a_reason_and_every_disputed_class(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    answer_all(ws, people["ada"], TRUTH)
    answer_all(ws, people["bo"], TRUTH | {3: {1: CORRECT, 2: CORRECT}})
    (summary,) = list_disputes(ws)
    dispute = load_dispute(ws, summary.token, Pass.VERDICT)
    (disputed,) = [row for row in dispute.classes if row.disputed]
    assert {vote.reviewer: vote.verdict for vote in disputed.votes} == {"ada": "wrong", "bo": "correct"}
    assert (disputed.role, disputed.n_models, disputed.current) == ("predicted", 2, "never judged")
    with pytest.raises(InputError, match="a reason"):
        adjudicate(ws, people["jude"], summary.token, Pass.VERDICT, Adjudication({2: WRONG}), key="a")
    with pytest.raises(InputError, match="pretzel"):
        adjudicate(ws, people["jude"], summary.token, Pass.VERDICT, Adjudication({1: CORRECT}, reason="r"), key="b")
    decision = Adjudication({2: WRONG}, reason="no knot")
    adjudicate(ws, people["jude"], summary.token, Pass.VERDICT, decision, key="c")
    assert list_disputes(ws) == ()
    with pytest.raises(ConflictError, match="waits for no adjudicator"):
        adjudicate(ws, people["jude"], summary.token, Pass.VERDICT, decision, key="d")


def test_a_second_pass_dispute_is_adjudicated_apart(judged: Workspace, people: dict[str, User]) -> None:
    for name, severity in (("ada", "major"), ("bo", "minor")):
        while screens := load_queue(judged, people[name], Pass.KIND).screens:
            kind = KindAnswer(screens[0].cards[0].class_id, "fine-grained", severity)
            answer_screen(judged, people[name], screens[0].id, Answers(kinds=(kind,)), key=f"{name}{screens[0].id}")
    assert [(row.item_id, row.pass_) for row in list_disputes(judged)] == [
        ("img_0.png", Pass.KIND),
        ("img_3.png", Pass.KIND),
    ]
    kinds = Adjudication({}, kinds=(KindAnswer(2, "fine-grained", "major"),), reason="easy to see")
    adjudicate(judged, people["jude"], list_disputes(judged)[0].token, Pass.KIND, kinds, key="a")
    row = next(row for row in list_cases(judged) if (row.item_id, row.class_id) == ("img_0.png", 2))
    assert (row.verdict, row.category, row.severity) == ("wrong", "fine-grained", "major")


def test_the_overview_tells_before_and_after(judged: Workspace) -> None:
    publish_labels(judged, by="root", reason="first round")
    view = load_overview(judged)
    assert [(line.model, line.before.multilabel_accuracy, line.after.multilabel_accuracy) for line in view.lines] == [
        ("alpha", 0.75, 0.875),
        ("beta", 0.625, 0.75),
    ]
    # four cases decided, (0,1) correct and (7,0) unclear: half were no mistakes
    assert (view.n_cases_decided, view.n_no_mistake, view.no_mistake_share) == (4, 2, 0.5)
    assert (view.n_cases_open, view.n_kinds_open, view.n_changes) == (0, 2, 4)
    assert [(row.name, row.n_answered) for row in view.reviewers] == [("ada", 7), ("bo", 7)]


def test_the_diff_names_who_decided(judged: Workspace) -> None:
    publish_labels(judged, by="root", reason="first round")
    diff = diff_versions(judged, "original@1", "original@2")
    rows = {(row.item_id, row.class_name): (row.before, row.after, row.by, row.method) for row in diff.changes}
    assert rows == {
        ("img_0.png", "dough"): ("never judged", "correct", "ada, bo", "consensus"),
        ("img_0.png", "pretzel"): ("never judged", "wrong", "ada, bo", "consensus"),
        ("img_3.png", "pretzel"): ("never judged", "wrong", "ada, bo", "consensus"),
        ("img_7.png", "bagel"): ("never judged", "unclear", "ada, bo", "consensus"),
    }


def test_publishing_needs_a_reason(judged: Workspace) -> None:
    with pytest.raises(InputError, match="a reason"):
        publish_labels(judged, by="root", reason=" ")
    assert resolve_labels(judged).ref == "original@1"


def test_decisions_wait_where_the_labels_do_not_cover_their_items(ws: Workspace, people: dict[str, User]) -> None:
    """Other labels came into use while the panel was at work: nothing is lost, and nothing stands still."""
    predict(ws, "gamma", {0: 1, 3: 2})
    for name in ("ada", "bo"):
        for _ in range(2):
            give(ws, people[name], {0: CORRECT, 1: CORRECT, 2: CORRECT})
    write_labels(ws, "part", {item: f"{LABELS[item]},,,0" for item in (1, 2, 3)})
    use_labels(ws, "part")
    assert list_disputes(ws) == ()
    report = publish_labels(ws, by="root", reason="what is covered")
    assert (report.version.ref, report.n_decisions, report.n_changes) == ("part@2", 2, 1)
    with pytest.raises(ConflictError, match="2 decisions are on items that part@2 does not cover"):
        publish_labels(ws, by="root", reason="the rest")
    assert load_overview(ws).labels.ref == "part@2"
    use_labels(ws, "original")
    assert publish_labels(ws, by="root", reason="the rest").n_decisions == 2


def test_a_conflict_goes_to_the_adjudicator_and_problematic_ends_it(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: CORRECT})
    write_labels(ws, "other", {0: "0,1,,0", 1: "0,,,0"})  # here dough is unclear already
    use_labels(ws, "other")
    (dispute,) = list_disputes(ws)
    assert (dispute.reason, dispute.class_names) == ("changed since it was decided", ("dough",))
    answer = Adjudication({}, problematic=True, reason="blurred")
    adjudicate(ws, people["jude"], dispute.token, Pass.VERDICT, answer, key="a")
    assert list_disputes(ws) == ()
    publish_labels(ws, by="root", reason="problematic")
    assert not preview_publication(ws).conflicts


@pytest.mark.parametrize("problematic", [True, False])
def test_a_conflict_on_the_item_itself_can_be_settled(
    ws: Workspace, people: dict[str, User], problematic: bool
) -> None:
    """Decided problematic under labels that said so already; those in use now say that it is fine."""
    predict(ws, "gamma", {0: 1})
    write_labels(ws, "flagged", {0: "0,,,1", 1: "0,,,0"})
    use_labels(ws, "flagged")
    for name in ("ada", "bo"):
        flag(ws, people[name])
    use_labels(ws, "original")
    (dispute,) = list_disputes(ws)
    assert (dispute.reason, set(dispute.class_names)) == ("changed since it was decided", {"bagel", "dough"})
    given = {} if problematic else {0: CORRECT, 1: WRONG}
    answer = Adjudication(given, problematic=problematic, reason="looked again")
    adjudicate(ws, people["jude"], dispute.token, Pass.VERDICT, answer, key="a")
    assert list_disputes(ws) == ()
    publish_labels(ws, by="root", reason="settled")
    labels = load_labels(ws, "original@2")
    assert labels.is_problematic(0) is problematic
    assert labels.verdict(0, 1) is (None if problematic else WRONG)


def test_another_split_has_a_loop_of_its_own(ws: Workspace, people: dict[str, User]) -> None:
    (ws.folder / "other.csv").write_text("id,class_id\n" + "".join(f"other_{item},0\n" for item in range(20)))
    add_split(ws, "other", items=ws.folder / "other.csv")
    np.save(ws.folder / "gamma.npy", np.where(np.arange(20) < 2, 1, 0))
    import_predictions(ws, [("gamma", ws.folder / "gamma.npy")], split="other")
    assert make_cases(ws, split="other").n_cases == 2
    for name, verdict in (("ada", CORRECT), ("bo", WRONG)):
        while screens := load_queue(ws, people[name], Pass.VERDICT, split="other").screens:
            send(ws, people[name], screens[0], verdicts(screens[0], {0: CORRECT, 1: verdict}))
    assert list_disputes(ws) == ()
    (first, _) = list_disputes(ws, split="other")
    answer = Adjudication({1: CORRECT}, reason="dough")
    adjudicate(ws, people["jude"], first.token, Pass.VERDICT, answer, key="a")
    report = publish_labels(ws, by="root", reason="first round", split="other")
    assert (report.version.ref, report.after[0].n_mistakes, report.n_open_cases) == ("original-other@2", 1, 1)
    assert load_overview(ws, split="other").n_cases_disputed == 1
    assert resolve_labels(ws).ref == "original@1"


def test_the_first_labels_imported_for_another_split_are_those_in_use(ws: Workspace) -> None:
    (ws.folder / "other.csv").write_text("id,class_id\nx0,0\nx1,1\n")
    add_split(ws, "other", items=ws.folder / "other.csv")
    assert labels_of_split(ws, "other").ref == "original-other@1"
    for name, cells in (("multi", "0;2,,,0"), ("another", "0;3,,,0")):
        (ws.folder / "labels.csv").write_text(f"id,original_label,correct,unclear,wrong,problematic\nx0,0,{cells}\n")
        import_labels(ws, name, ws.folder / "labels.csv", split="other")
    assert labels_of_split(ws, "other").ref == "multi@1"
