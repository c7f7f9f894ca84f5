"""Names of people that another tool calls otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regrade.errors import InputError
from regrade.formats import read_reviewer_names

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def test_names_by_what_the_tool_calls_them(write: Write) -> None:
    file = write("n.csv", "user,name,more\n7,ada,x\nbo@example.org,Bo Berg,y\n")
    assert read_reviewer_names(file) == {"7": "ada", "bo@example.org": "Bo Berg"}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        pytest.param("user,name\n7,ada\n7,bo\n", "row 3: expected each user once; got '7' again", id="twice"),
        pytest.param("user,name\n7,\n", "row 2: expected a value in the column name", id="empty"),
        pytest.param("user,who\n7,ada\n", "expected the columns user, name", id="column"),
    ],
)
def test_other_files_are_refused(write: Write, text: str, match: str) -> None:
    with pytest.raises(InputError, match=f"n.csv.*{match}"):
        read_reviewer_names(write("n.csv", text))
