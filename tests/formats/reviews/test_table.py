"""Tables of reviews: what is read, and what is refused with file, row and remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats import read_reviews
from regrade.records.exchange import PanelEntry, PanelRecord
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from tests.formats.reviews.conftest import AT, REVIEW, context

if TYPE_CHECKING:
    from tests.formats.conftest import Write

PLAIN = replace(REVIEW, labels=None, created_at=None)


def read(write: Write, text: str, **fields: Any) -> PanelRecord:
    return read_reviews(write("r.csv", text), context(**fields))


def test_a_table_written_by_hand(write: Write) -> None:
    record = read(
        write,
        "reviewer,id,class_id,verdict,note\nada,a,1,wrong,not \u0065\u0301 NFC\n"
        'bo,a,n2,unclear,\nada,"d,e",é,correct,\n',
    )
    assert record.entries == (
        replace(PLAIN, submission="table/ada/a/verdict", note="not e\u0301 NFC"),
        replace(PLAIN, submission="table/bo/a/verdict", author="bo", verdict=Verdict.UNCLEAR),
        replace(PLAIN, submission="table/ada/d,e/verdict", item=3, class_id=3, verdict=Verdict.CORRECT),
    )
    assert record.warnings == ()
    assert [(entry.spot.where.endswith("r.csv"), entry.spot.row) for entry in record.entries] == [
        (True, 2),
        (True, 3),
        (True, 4),
    ]


def test_the_reviewer_may_be_said_beside_the_file(write: Write) -> None:
    text = "id,class_id,verdict,reviewer\na,1,wrong,\na,2,wrong,bo\n"
    record = read(write, text, by="ada", names={"bo": "Bo Berg"})
    assert [entry.author for entry in record.entries] == ["ada", "Bo Berg"]


def test_a_decision_by_several_is_renamed_for_each(write: Write) -> None:
    text = (
        "record,reviewer,id,class_id,verdict,method,labels,created_at\n"
        'decision,"ada, bo",a,1,wrong,consensus,original@1,2026-03-01T12:00:00Z\n'
    )
    (entry,) = read(write, text, names={"bo": "Bo Berg"}).entries
    assert (entry.author, entry.submission) == ("ada, Bo Berg", "")


def test_a_filled_questionnaire_names_items_by_tokens_and_may_have_gaps(write: Write) -> None:
    text = (
        "item,media,class_id,class_key,class_name,verdict,problematic,note\n"
        "item-0,x.png,1,n2,crane,wrong,,\n"
        "item-0,x.png,0,n1,crane,,,\n"
        "item-2,y.png,1,n2,crane,,1,broken\n"
        "item-2,y.png,0,n1,crane,,1,broken\n"
        "item-3,z.png,0,n1,crane,,,\n"
    )
    record = read(write, text, by="ada")
    assert record.entries == (
        replace(PLAIN, submission="table/ada/item-0/verdict"),
        replace(
            PLAIN,
            submission="table/ada/item-2/verdict",
            item=2,
            class_id=None,
            verdict=None,
            problematic=True,
            note="broken",
        ),
    )
    # of five rows, two have no answer
    assert record.warnings == ("Rows without an answer, left out: 2.",)


def test_who_calls_an_item_problematic_on_several_rows_says_it_once_with_all_notes(write: Write) -> None:
    text = (
        "reviewer,id,class_id,problematic,note\n"
        "ada,a,1,1,\nada,a,2,1,too dark\nada,a,0,1,and cut off\nada,a,3,1,too dark\n"
    )
    (entry,) = read(write, text).entries
    assert (entry.class_id, entry.problematic, entry.note) == (None, True, "too dark\nand cut off")


def test_a_record_that_was_sorted_anew_is_noticed(write: Write) -> None:
    head = "record,reviewer,id,class_id,verdict,method,labels,created_at"
    rows = [
        f"decision,ada,a,1,{verdict},{method},original@1,2026-03-01T{hour}:00:00Z"
        for hour, verdict, method in ((12, "", "reopened"), (11, "wrong", "consensus"))
    ]
    record = read(write, "\n".join([head, *rows]) + "\n")
    assert record.warnings[0].startswith("Decisions that stand after later ones on the same question: 1.")
    assert read(write, "\n".join([head, *reversed(rows)]) + "\n").warnings == ()


def test_a_reviewer_s_name_may_hold_a_comma(write: Write) -> None:
    text = 'reviewer,id,class_id,verdict\n"Lovelace, Ada",a,1,wrong\n'
    (entry,) = read(write, text, names={"Lovelace, Ada": "ada", "Ada": "another"}).entries
    assert entry.author == "ada"


def test_without_passes_a_row_may_answer_both(write: Write) -> None:
    text = "reviewer,id,class_id,verdict,category,severity\nada,a,1,wrong,odd,major\nada,a,2,,odd,minor\n"
    first, second, only = read(write, text).entries
    assert first == replace(PLAIN, submission="table/ada/a/verdict")
    kind: PanelEntry = replace(PLAIN, pass_=Pass.KIND, verdict=None, category="odd", severity="major")
    assert second == replace(kind, submission="table/ada/a/verdict/kind")
    assert only == replace(kind, submission="table/ada/a/verdict/kind", class_id=2, severity="minor")


def test_times_come_to_utc_and_flags_in_words(write: Write) -> None:
    text = (
        "reviewer,submission,id,class_id,verdict,created_at,seconds,discuss,added\n"
        "ada,s1,a,1,correct,2026-03-01T13:00:00.000005+01:00,2.5,TRUE,1\n"
    )
    (entry,) = read(write, text).entries
    assert entry == replace(PLAIN, verdict=Verdict.CORRECT, created_at=AT, seconds=2.5, discuss=True, added=True)


def test_json_lines_and_dataframes_have_types_of_their_own(write: Write) -> None:
    rows = [
        {"reviewer": "ada", "submission": "s1", "id": "a", "class_id": 1, "verdict": "wrong", "discuss": True},
        {"reviewer": "ada", "submission": "s2", "id": "=b", "class_key": "7x", "verdict": "unclear", "seconds": 3},
    ]
    lines = read_reviews(write("r.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows)), context())
    assert lines.entries[0] == replace(PLAIN, discuss=True)
    assert (lines.entries[0].class_id, lines.entries[1].seconds) == (1, 3.0)
    frame = pl.DataFrame(
        {
            "reviewer": ["ada"],
            "submission": ["s1"],
            "id": ["a"],
            "class_id": [1],
            "verdict": ["wrong"],
            "created_at": [datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)],
        }
    )
    assert read_reviews(frame, context()).entries == (replace(PLAIN, created_at=AT),)


HEAD = "reviewer,submission,id,class_id,verdict"
DECISION_HEAD = "record,reviewer,id,class_id,verdict,method,labels,created_at"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            f"{HEAD}\nada,s,a,1,maybe\n",
            "row 2: expected one of wrong, unclear, correct in the column verdict; got 'maybe'",
            id="verdict",
        ),
        pytest.param(f"{HEAD}\nada,s,x,1,wrong\n", "row 2: expected an item of the split main .* got 'x'", id="item"),
        pytest.param(
            f"{HEAD}\nada,s,a,9,wrong\n", r"row 2: expected a class id 0\.\.3 or a class key; got '9'", id="class"
        ),
        pytest.param(f"{HEAD}\nada,s,a,-1,wrong\n", "row 2: expected a class id .* got '-1'", id="class -1"),
        pytest.param(f"{HEAD}\nada,s,a,1.5,wrong\n", "row 2: expected a class id .* got '1.5'", id="class 1.5"),
        pytest.param(
            f"{HEAD}\nada,s,a,,wrong\n",
            "row 2: expected the class that the answer is about; got none. Name it in class_id",
            id="no class",
        ),
        pytest.param(
            f"{HEAD}\n,s,a,1,wrong\n",
            "row 2: expected who answered or decided; got nobody. Name the reviewer in the file, or with --by",
            id="nobody",
        ),
        pytest.param(
            f"{HEAD}\nada,s,a,1,wrong\nada,s,a,1,correct\n",
            "row 3: expected one answer a class in a submission.*got another answer in s",
            id="twice",
        ),
        pytest.param(
            f"{HEAD}\nada,s,a,1,wrong\nada,s,=b,1,correct\n",
            "row 3: expected one item a submission; got another item in s",
            id="two items",
        ),
        pytest.param(f"{HEAD}\nada,s,a,1\n", "row 2: expected 5 cells", id="short row"),
        pytest.param(HEAD, "expected at least one row", id="header only"),
        pytest.param(
            f"{HEAD},added\nada,s,a,1,wrong,1\n",
            "row 2: expected an added class to be correct or unclear; got wrong",
            id="added and wrong",
        ),
        pytest.param(
            f"{HEAD},discuss\nada,s,a,1,wrong,yes\n",
            "row 2: expected 0 or 1 in the column discuss; got 'yes'",
            id="flag",
        ),
        pytest.param(
            f"{HEAD},seconds\nada,s,a,1,wrong,-1\n",
            "row 2: expected a finite number of seconds.*got '-1'",
            id="seconds",
        ),
        pytest.param(
            f"{HEAD},seconds\nada,s,a,1,wrong,nan\n", "row 2: expected a finite number of seconds.*got 'nan'", id="nan"
        ),
        pytest.param(
            f"{HEAD},created_at\nada,s,a,1,wrong,2026-03-01 12:00\n",
            "row 2: expected a time with its zone.*got '2026-03-01 12:00'",
            id="no zone",
        ),
        pytest.param(
            f"{HEAD},created_at\nada,s,a,1,wrong,0001-01-01T00:00+14:00\n",
            "row 2: expected a time",
            id="before the year 1",
        ),
        pytest.param(
            f"{HEAD},pass\nada,s,a,1,wrong,third\n",
            "row 2: expected one of verdict, kind in the column pass; got 'third'",
            id="pass",
        ),
        pytest.param(
            f"{HEAD},pass\nada,s,a,1,wrong,kind\n",
            "row 2: expected in the pass kind a verdict .*; got verdict wrong. Complete it",
            id="kind with a verdict",
        ),
        pytest.param(
            f"{HEAD},category\nada,s,a,1,,odd\n",
            "row 2: expected in the pass kind .* got category odd",
            id="half a kind",
        ),
        pytest.param(
            f"{HEAD},problematic\nada,s,a,1,wrong,1\n",
            "row 2: expected either a problematic item or .* got verdict wrong and a problematic item",
            id="both",
        ),
        pytest.param(
            f"{HEAD},note\nada,s,a,1,,only a note\n",
            "row 2: expected in the pass verdict .* got no answer",
            id="note alone",
        ),
        pytest.param(f"{HEAD}\nada,s,a,1,\n", "expected an answer .* got none in any row", id="nothing filled"),
        pytest.param(
            f"{HEAD},class_key\nada,s,a,1,wrong,n1\n",
            r"row 2: expected class_id and class_key to name one class; got 1 \(n2\) and 0 \(n1\). Check that both",
            id="permuted classes",
        ),
        pytest.param(
            "reviewer,id,verdict\nada,a,wrong\n", "expected a column class_id or class_key", id="no class column"
        ),
        pytest.param("reviewer,class_id,verdict\nada,1,wrong\n", "expected a column id or", id="no item column"),
        pytest.param(
            "item,class_id,verdict\nitem-9,1,wrong\n",
            "row 2: expected the token of an item of the split main; got 'item-9'. Import it into the work",
            id="token",
        ),
        pytest.param(
            f"{DECISION_HEAD}\ndecision,jude,a,1,wrong,,,\n",
            "row 2: expected a decision with method, created_at, labels; got none",
            id="bare decision",
        ),
        pytest.param(
            f"{DECISION_HEAD}\ndecision,jude,a,1,wrong,reopened,l@1,2026-03-01T12:00Z\n",
            "row 2: expected nothing decided where a decision is taken back; got verdict wrong",
            id="reopened with a verdict",
        ),
        pytest.param(
            f"{DECISION_HEAD}\nvote,jude,a,1,wrong,,,\n",
            "row 2: expected a vote with created_at; got none",
            id="vote without a time",
        ),
        pytest.param(
            f"{DECISION_HEAD}\nreview,jude,a,1,wrong,consensus,,\n",
            "row 2: expected a method for decisions only; got consensus for a review",
            id="review with a method",
        ),
        pytest.param(
            f"{DECISION_HEAD}\nopinion,jude,a,1,wrong,,,\n",
            "row 2: expected one of review, proposal, vote, decision in the column record",
            id="record",
        ),
    ],
)
def test_what_is_wrong_is_named(write: Write, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"r.csv.*{message}"):
        read(write, text)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({"class_id": "1"}, "row 1: expected a class id", id="class in quotes"),
        pytest.param({"class_id": True}, "row 1: expected a class id", id="class true"),
        pytest.param({"class_id": 2**63}, "row 1: expected a class id", id="class 2^63"),
        pytest.param(
            {"note": "\ud800"},
            "row 1: expected text of at most 100,000 characters in the column note",
            id="half a character",
        ),
        pytest.param({"note": "a\0"}, "row 1: expected text", id="NUL"),
        pytest.param({"note": 7}, "row 1: expected text .* got 7", id="number for text"),
        pytest.param({"seconds": True}, "row 1: expected a finite number", id="flag for a number"),
        pytest.param({"created_at": 7}, "row 1: expected a time with its zone", id="number for a time"),
        pytest.param({"protocol": 0}, "row 1: expected a whole number from 1 on in the column protocol", id="count 0"),
        pytest.param(
            {"protocol": 1.5}, "row 1: expected a whole number from 1 on in the column protocol", id="count 1.5"
        ),
    ],
)
def test_json_lines_of_other_types_are_refused(write: Write, row: dict[str, object], message: str) -> None:
    whole = {"reviewer": "ada", "submission": "s", "id": "a", "class_id": 1, "verdict": "wrong"} | row
    with pytest.raises(InputError, match=f"r.jsonl, {message}"):
        read_reviews(write("r.jsonl", json.dumps(whole) + "\n"), context())


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param("id,a\n".encode("utf-16"), "expected UTF-8 text; got UTF-16", id="UTF-16"),
        pytest.param("id,verdict\né,wrong\n".encode("latin-1"), "row 2: expected UTF-8 text", id="latin-1"),
        pytest.param(b"", "expected data; got an empty file", id="empty"),
        pytest.param(b"PAR1 nothing", "expected a whole Parquet file", id="Parquet"),
        pytest.param(b'{"a": 1, "a": 2}\n{"a": 3}\n', "row 1: expected one JSON object a line", id="key twice"),
        pytest.param(b"id,text\na,b\n", "expected reviews in one of the known formats", id="another table"),
    ],
)
def test_what_is_no_table_of_reviews_is_refused(write: Write, content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_reviews(write("r.csv", content), context())


def test_a_named_format_of_another_layout_says_what_it_lacks(write: Write) -> None:
    with pytest.raises(InputError, match=r"expected a column class_id or class_key; got the columns id, text"):
        read_reviews(write("r.csv", "id,text\na,b\n"), context(), format="csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: expected a readable file"):
        read_reviews(tmp_path / "none.csv", context())
