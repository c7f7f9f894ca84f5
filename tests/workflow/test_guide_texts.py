"""The panel's words on a class: appended, one after the other, never over somebody else's."""

from __future__ import annotations

import pytest

from regrade.errors import InputError, NotFoundError, PermissionDeniedError
from regrade.records.users import Role, User
from regrade.store import journal
from regrade.workflow.guide import class_card
from regrade.workflow.guide_texts import MAX_TEXT, GuideChangedError, edit_guide, list_guide, load_guide
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import new_key


def write(ws: Workspace, user: User, text: str, *, base: int, class_id: int = 0, key: str = "") -> None:
    edit_guide(ws, user, class_id, text, base=base, key=key or new_key())


def test_everybody_on_the_panel_reads_what_one_of_them_wrote(ws: Workspace, people: dict[str, User]) -> None:
    assert load_guide(ws, 0).number == 0
    write(ws, people["ada"], "  It has a hole.\r\nDough has none. ", base=0)
    assert class_card(ws, 0).text == "It has a hole.\nDough has none."
    assert class_card(ws, 1).text == ""


def test_what_was_said_before_stays_with_author_and_time(ws: Workspace, people: dict[str, User]) -> None:
    write(ws, people["ada"], "a hole", base=0)
    write(ws, people["jude"], "a hole, and it shines", base=1)
    write(ws, people["root"], "", base=2)
    entry = load_guide(ws, 0)
    assert [(row.number, row.text, row.author) for row in entry.history] == [
        (3, "", "root"),
        (2, "a hole, and it shines", "jude"),
        (1, "a hole", "ada"),
    ]
    assert entry.history[0].created_at >= entry.history[2].created_at
    assert (entry.number, entry.card.text) == (3, "")
    with ws.store.read() as tx:
        lines = journal.list_lines(tx, actions=["guide.edit"])
    assert [(line.actor, line.facts) for line in lines] == [
        ("ada", {"class": "k0", "number": 1}),
        ("jude", {"class": "k0", "number": 2}),
        ("root", {"class": "k0", "number": 3}),
    ]


def test_who_writes_on_an_older_text_is_told_so_and_changes_nothing(ws: Workspace, people: dict[str, User]) -> None:
    write(ws, people["ada"], "a hole", base=0)
    with pytest.raises(GuideChangedError, match="ada has changed this text"):
        write(ws, people["bo"], "a knot", base=0)
    assert class_card(ws, 0).text == "a hole"
    write(ws, people["bo"], "a knot", base=1)
    assert class_card(ws, 0).text == "a knot"


def test_the_same_words_again_are_no_change_whoever_says_them(ws: Workspace, people: dict[str, User]) -> None:
    write(ws, people["ada"], "a hole", base=0)
    write(ws, people["bo"], "a hole", base=0)
    assert [row.author for row in load_guide(ws, 0).history] == ["ada"]


def test_an_edit_sent_twice_is_saved_once(ws: Workspace, people: dict[str, User]) -> None:
    for _ in range(2):
        write(ws, people["ada"], "a hole", base=0, key="k")
    assert load_guide(ws, 0).number == 1


def test_the_list_holds_what_says_something_the_last_change_first(ws: Workspace, people: dict[str, User]) -> None:
    for class_id, text in ((0, "a"), (1, "b"), (2, "c")):
        write(ws, people["ada"], text, base=0, class_id=class_id)
    write(ws, people["ada"], "", base=1, class_id=1)
    write(ws, people["ada"], "a, again", base=1, class_id=0)
    assert [entry.card.class_id for entry in list_guide(ws)] == [0, 2]


def test_a_text_has_a_length(ws: Workspace, people: dict[str, User]) -> None:
    write(ws, people["ada"], "x" * MAX_TEXT, base=0)
    with pytest.raises(InputError, match="at most 2,000 characters; got 2,001"):
        write(ws, people["ada"], "x" * (MAX_TEXT + 1), base=1)


@pytest.mark.parametrize("class_id", [-1, 4])
def test_a_class_that_is_none_has_no_guide(ws: Workspace, people: dict[str, User], class_id: int) -> None:
    with pytest.raises(NotFoundError, match="no such class"):
        load_guide(ws, class_id)
    with pytest.raises(NotFoundError, match="no such class"):
        write(ws, people["ada"], "a hole", base=0, class_id=class_id)


def test_somebody_without_a_role_on_the_panel_may_not_write(ws: Workspace, people: dict[str, User]) -> None:
    nobody = User("nobody", "password", frozenset[Role](), disabled=False, created_at=people["ada"].created_at)
    with pytest.raises(PermissionDeniedError, match="nobody may not discuss"):
        write(ws, nobody, "a hole", base=0)
