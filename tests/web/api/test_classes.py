"""Classes by name and by number."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.web.api.programs import new_key

Ask = Callable[[str], httpx.Client]


def test_classes_are_found_as_on_the_page(programs: dict[str, httpx.Client], visitors: dict[str, httpx.Client]) -> None:
    for text in ("bu", "K2", "", "' OR 1=1 --", "<script>"):
        sent = programs["quillon"].get("/classes", params={"q": text}).json()
        assert sent == visitors["quillon"].get("/classes", params={"q": text}).json()
    assert programs["ottilie"].get("/classes?q=a&limit=1").json()[0]["key"] in {"k0", "k1"}


def test_a_class_is_told_without_examples(programs: dict[str, httpx.Client]) -> None:
    entry = programs["quillon"].get("/guide/3").json()
    assert set(entry) == {"class_id", "key", "name", "definition", "text", "number", "neighbors", "history"}
    assert (entry["key"], entry["name"], entry["text"], entry["number"], entry["history"]) == ("k3", "bun", "", 0, [])
    assert programs["quillon"].get("/guide").json() == []


@pytest.mark.parametrize("class_id", [4, 2**31 - 1])
def test_there_is_no_other_class(class_id: int, programs: dict[str, httpx.Client]) -> None:
    for answer in (
        programs["quillon"].get(f"/guide/{class_id}"),
        programs["quillon"].post(f"/guide/{class_id}", json={"text": "x", "base": 0}, headers=new_key()),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_the_guide_grows_and_nobody_writes_over_another(ask: Ask) -> None:
    first, second = ask("quillon"), ask("zebedee")
    key = new_key()
    edits = [first.post("/guide/3", json={"text": "no hole", "base": 0}, headers=key) for _ in range(2)]
    assert [edit.status_code for edit in edits] == [200, 200]
    late = second.post("/guide/3", json={"text": "round", "base": 0}, headers=new_key())
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    assert second.post("/guide/3", json={"text": "round", "base": 1}, headers=new_key()).status_code == 200
    (entry,) = first.get("/guide").json()
    assert (entry["class_id"], entry["text"], entry["number"]) == (3, "round", 2)
    assert [(row["number"], row["text"], row["author"]) for row in entry["history"]] == [
        (2, "round", "zebedee"),
        (1, "no hole", "quillon"),
    ]
    for misfit in ({"text": "x" * 2_001, "base": 2}, {"text": "x"}, {"text": "x", "base": -1}, {"text": 1, "base": 2}):
        assert first.post("/guide/3", json=misfit, headers=new_key()).status_code == 422
