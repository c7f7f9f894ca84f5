"""The gallery's search."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.records.labels import Verdict
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.grade import grade_models
from regrade.workflow.media import item_token
from regrade.workflow.mistake_filters import MistakeFilters, parse_filters
from regrade.workflow.mistakes import MistakesPage, Steps, find_steps, search_mistakes
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import answer_all

CORRECT = Verdict.CORRECT


def pairs(page: MistakesPage) -> list[tuple[str, str]]:
    return [(tile.item_id, tile.predicted.name) for tile in page.tiles]


def test_mistakes_of_all_models_are_merged_and_the_most_shared_come_first(ws: Workspace) -> None:
    page = search_mistakes(ws, MistakeFilters())
    assert search_mistakes(ws) == page
    # (3, pretzel) by both models; (0, dough) by alpha, (0, pretzel) and (7, bagel) by beta
    assert pairs(page) == [
        ("img_3.png", "pretzel"),
        ("img_0.png", "dough"),
        ("img_0.png", "pretzel"),
        ("img_7.png", "bagel"),
    ]
    assert [tile.n_models for tile in page.tiles] == [2, 1, 1, 1]
    assert {tile.status for tile in page.tiles} == {"unreviewed"}
    assert (page.n_total, page.n_items) == (4, 3)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"model": "alpha"}, [("img_3.png", "pretzel"), ("img_0.png", "dough")]),
        ({"class_id": "0"}, [("img_0.png", "dough"), ("img_0.png", "pretzel")]),
        ({"predicted": "0"}, [("img_7.png", "bagel")]),
        ({"min_models": "2"}, [("img_3.png", "pretzel")]),
        ({"query": "IMG_7"}, [("img_7.png", "bagel")]),
        ({"query": "dough", "sort": "item"}, [("img_0.png", "dough"), ("img_3.png", "pretzel")]),
        ({"model": "nobody"}, []),
        ({"status": "judged wrong"}, []),
        ({"min_confidence": "0.1"}, []),
        ({"offset": "3"}, [("img_7.png", "bagel")]),
        ({"offset": "99"}, []),
    ],
)
def test_filters(ws: Workspace, values: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert pairs(search_mistakes(ws, parse_filters(values))) == expected


def test_items_are_walked_in_the_order_of_the_gallery_each_once(ws: Workspace) -> None:
    # The tiles are of the items 3, 0, 0, 7: item 0 stands once, where its first tile does.
    three, zero, seven, right = (item_token(ws, "main", item) for item in (3, 0, 7, 1))
    assert find_steps(ws, three, MistakeFilters()) == Steps(None, zero, 0, 3, tile=0)
    assert find_steps(ws, zero, MistakeFilters(limit=1, offset=2)) == Steps(three, seven, 1, 3, tile=1)
    assert find_steps(ws, seven, MistakeFilters()) == Steps(zero, None, 2, 3, tile=3)
    assert find_steps(ws, seven, MistakeFilters(sort="item")) == Steps(three, None, 2, 3, tile=3)
    assert find_steps(ws, zero, MistakeFilters(model="alpha")) == Steps(three, None, 1, 2, tile=1)
    assert find_steps(ws, seven, MistakeFilters(model="alpha")) is None
    assert find_steps(ws, right, MistakeFilters()) is None


def test_status_follows_the_panel(ws: Workspace) -> None:
    search_mistakes(ws, MistakeFilters())
    make_cases(ws)
    page = search_mistakes(ws, MistakeFilters(status="open"))
    assert page.n_total == 4
    assert [(facet.value, facet.count) for facet in page.facets["status"]] == [("open", 4), ("unreviewed", 4)]


def test_unreviewed_are_as_many_as_the_grade_says_whatever_the_panel_has_done(
    ws: Workspace, people: dict[str, User]
) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}, 7: {3: CORRECT}})
    assert search_mistakes(ws, MistakeFilters(status="decided correct")).n_total == 1
    for grade in grade_models(ws):  # nothing is published yet
        assert search_mistakes(ws, MistakeFilters(model=grade.model, status="unreviewed")).n_total == grade.n_unreviewed
    publish_labels(ws, by="root", reason="first round")
    # beta's (0, pretzel), (3, pretzel) and (7, bagel) are judged wrong now, alpha's (0, dough) is none.
    assert {row.model: (row.n_mistakes, row.n_unreviewed) for row in grade_models(ws)} == {
        "alpha": (1, 0),
        "beta": (3, 0),
    }
    assert search_mistakes(ws, MistakeFilters(status="unreviewed")).n_total == 0


def test_facets_count_what_each_value_would_leave_beside_the_other_filters(ws: Workspace) -> None:
    page = search_mistakes(ws, MistakeFilters(model="alpha"))
    assert {facet.value: facet.count for facet in page.facets["model"]} == {"alpha": 2, "beta": 3}
    assert {facet.label: facet.count for facet in page.facets["class_id"]} == {"bagel": 1, "dough": 1}


def test_text_is_looked_for_in_the_ids_of_the_split_itself(ws: Workspace) -> None:
    rows = "".join(f"other_{item},0\n" for item in range(20))
    (ws.folder / "other.csv").write_text(f"id,class_id\n{rows}")
    add_split(ws, "other", items=ws.folder / "other.csv")
    np.save(ws.folder / "gamma.npy", np.ones(20, dtype=np.int64))
    import_predictions(ws, [("gamma", ws.folder / "gamma.npy")], split="other")
    page = search_mistakes(ws, MistakeFilters(query="other_19"), split="other")
    assert pairs(page) == [("other_19", "dough")]
