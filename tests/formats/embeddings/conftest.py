"""Reading embeddings of three items, a, b and c."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from regrade.formats import read_embeddings
from regrade.records.embeddings import Embeddings
from regrade.records.items import Split

Read = Callable[..., Embeddings]


@pytest.fixture
def read(split: Split) -> Read:
    """Read a file, a dataframe or an array as embeddings of `net`."""
    return partial(read_embeddings, split=split, name="net")
