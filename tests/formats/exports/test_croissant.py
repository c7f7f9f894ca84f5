"""Croissant metadata: our own look at it, and what the reference implementation says."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.exports.croissant import write_croissant
from regrade.records.provenance import LabelSheet
from tests.formats.exports.conftest import SheetOf, version_of


@pytest.fixture
def metadata(sheet: LabelSheet) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_croissant(sheet).content)
    return document


def test_the_file_beside_it_is_described_as_it_is(sheet: LabelSheet, metadata: dict[str, Any]) -> None:
    ((name, content),) = write_croissant(sheet).companions
    (described,) = metadata["distribution"]
    assert (described["name"], described["contentUrl"]) == (name, name) == ("reviewed@2.parquet", "reviewed@2.parquet")
    assert described["sha256"] == hashlib.sha256(content).hexdigest()
    assert described["contentSize"] == f"{len(content)} B"
    columns = pl.read_parquet(BytesIO(content)).columns
    items, _ = metadata["recordSet"]
    assert [field["source"]["extract"]["column"] for field in items["field"]] == columns


def test_it_says_what_is_known(metadata: dict[str, Any]) -> None:
    assert (metadata["name"], metadata["version"]) == ("reviewed@2", "2.0.0")
    assert metadata["datePublished"] == "2026-03-01T12:30:00+00:00"
    assert metadata["creator"]["name"] == "ada"
    assert "Made from reviewed@1 by ada: first round." in metadata["description"]
    assert [row["classes/key"] for row in metadata["recordSet"][1]["data"]] == ["n1", "n2", "n3", "n4"]


def test_license_and_address_stand_in_it_only_if_given(
    sheet: LabelSheet, sheet_of: SheetOf, metadata: dict[str, Any]
) -> None:
    assert {"license", "url"} & metadata.keys() == set()
    assert metadata["description"].endswith("Its license is unknown.")
    assert [text.split(",")[0] for text in write_croissant(sheet).warnings] == [
        "The metadata has no license",
        "The metadata has no url",
    ]
    given = write_croissant(sheet_of([(0, 0, {}, False)], license="CC-BY-4.0", url="https://example.org/labels"))
    told = json.loads(given.content)
    assert (told["license"], told["url"]) == ("CC-BY-4.0", "https://example.org/labels")
    assert "unknown" not in told["description"]
    assert given.warnings == ()


def test_an_import_has_no_parent(sheet_of: SheetOf) -> None:
    version = version_of("other", 1, parent=None, reason="imported from x.csv")
    told = json.loads(write_croissant(sheet_of([(0, 0, {}, False)], version=version)).content)
    assert "Made by ada: imported from x.csv." in told["description"]


def test_a_label_set_that_covers_nothing_has_no_records(sheet_of: SheetOf) -> None:
    with pytest.raises(InputError, match="got reviewed@2, which covers none"):
        write_croissant(sheet_of([]))


def save(sheet: LabelSheet, folder: Path) -> Path:
    document = write_croissant(sheet)
    for name, content in (*document.companions, ("labels.json", document.content)):
        (folder / name).write_bytes(content)
    return folder / "labels.json"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_mlcroissant_finds_nothing_wrong_with_it(sheet_of: SheetOf, tmp_path: Path) -> None:
    import mlcroissant  # noqa: PLC0415 - it takes a second to load

    given = {"license": "https://creativecommons.org/licenses/by/4.0/", "url": "https://example.org/labels"}
    file = save(sheet_of([(0, 0, {0: "correct", 1: "wrong"}, False), (2, -1, {}, True)], **given), tmp_path)
    dataset = mlcroissant.Dataset(jsonld=file)
    assert dataset.metadata.ctx.issues.errors == set()
    # what it recommends beyond this is a citation, which a label set has not
    (warning,) = dataset.metadata.ctx.issues.warnings
    assert "citeAs" in warning
    assert [(row["classes/class_id"], row["classes/key"]) for row in dataset.records("classes")] == [
        (0, "n1"),
        (1, "n2"),
        (2, "n3"),
        (3, "n4"),
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:The inplace keyword")
def test_mlcroissant_reads_the_records(sheet_of: SheetOf, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="mlcroissant reads Parquet with pyarrow")
    import mlcroissant  # noqa: PLC0415 - takes long to import

    file = save(sheet_of([(0, 0, {0: "correct", 1: "wrong", 2: "wrong"}, False), (2, -1, {}, True)]), tmp_path)
    rows = list(mlcroissant.Dataset(jsonld=file).records("items"))
    assert [
        (row["items/id"], row["items/original_label"], list(row["items/correct"]), list(row["items/wrong"]))
        for row in rows
    ] == [(b"a", 0, [0], [1, 2]), (b"c", None, [], [])]
    assert [bool(row["items/problematic"]) for row in rows] == [False, True]
