"""The published label sets that are known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from regrade.errors import InputError
from regrade.formats import FORMATS
from regrade.workflow.published import PUBLISHED, find_published


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_is_known_by_its_digest_and_read_in_a_known_format(name: str) -> None:
    known = find_published(name)
    assert urlsplit(known.url).scheme == "https"
    assert len(bytes.fromhex(known.sha256)) == 32
    assert known.format in FORMATS["labels"]


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="one of imagenet-multilabel, imagenet-real; got imagenet"):
        find_published("imagenet")


@pytest.mark.shared_data
def test_the_copy_at_hand_of_the_real_labels_is_the_published_file(shared_data: Path) -> None:
    content = (shared_data / "imagenet" / "real.json").read_bytes()
    known = find_published("imagenet-real")
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (known.sha256, known.n_bytes)
