"""The gallery's filters, under the gallery's names."""

from __future__ import annotations

from dataclasses import fields

import httpx
import pytest

from regrade.web.schemas.mistakes import MistakeFiltersIn
from regrade.workflow.mistake_filters import MistakeFilters


def test_filters_are_the_gallerys() -> None:
    assert list(MistakeFiltersIn.model_fields) == [*(field.name for field in fields(MistakeFilters)), "split"]
    assert MistakeFiltersIn().as_filters() == MistakeFilters()


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        # The mistakes, by img_ID: 0 -> 1 (xylograph), 0 -> 2 (quagmire), 3 -> 2 (both), 7 -> 0 (quagmire).
        ("", [("img_3.png", 2, 2), ("img_0.png", 1, 1), ("img_0.png", 2, 1), ("img_7.png", 0, 1)]),
        ("?sort=item", [("img_0.png", 1, 1), ("img_0.png", 2, 1), ("img_3.png", 2, 2), ("img_7.png", 0, 1)]),
        ("?sort=item&offset=1&limit=2", [("img_0.png", 2, 1), ("img_3.png", 2, 2)]),
        ("?model=xylograph&sort=item", [("img_0.png", 1, 1), ("img_3.png", 2, 2)]),
        ("?min_models=2&status=open", [("img_3.png", 2, 2)]),
        ("?class_id=0&predicted=2", [("img_0.png", 2, 1)]),
        ("?query=IMG_7", [("img_7.png", 0, 1)]),
        ("?status=decided%20wrong", []),
        ("?model=nobody%27s", []),
    ],
)
def test_mistakes_are_filtered_sorted_and_paged(
    query: str, pairs: list[tuple[str, int, int]], programs: dict[str, httpx.Client]
) -> None:
    found = programs["ottilie"].get(f"/mistakes{query}").json()
    rows = [(row["item_id"], row["predicted"]["class_id"], row["n_models"]) for row in found["tiles"]]
    assert rows == pairs
    assert found["n_total"] == (4 if "offset" in query else len(pairs))


def test_facets_and_tokens_lead_on(programs: dict[str, httpx.Client]) -> None:
    found = programs["ottilie"].get("/mistakes?limit=1").json()
    assert [(row["value"], row["count"]) for row in found["facets"]["model"]] == [("quagmire", 3), ("xylograph", 2)]
    tile = found["tiles"][0]
    item = programs["ottilie"].get(f"/items/{tile['token']}").json()
    assert (item["item_id"], item["media"]) == (tile["item_id"], tile["media"])
