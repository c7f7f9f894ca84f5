"""Judgements made elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regrade.errors import InputError
from regrade.formats import read_judgements
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import Verdict
from regrade.records.panel import CategoryDefinition, Judgement, Taxonomy
from regrade.records.settings import DEFAULT_TAXONOMY

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def entry(
    predicted: object = 1, category: object = "Fine-grained error", severity: object = "Minor"
) -> dict[str, object]:
    return {"top_prediction": predicted, "failure category": category, "failure severity": severity}


def test_words_are_mapped_onto_the_taxonomy(write: Write, split: Split, classes: ClassList) -> None:
    document = {
        "c": entry(0, "Spurious Correlation", "Major"),
        "a": entry("n2", "Fine-grained error with OOV", "Borderline"),
        "b": entry(3, "Fine-grained with Multilabel Options"),
    }
    file = write("j.json", json.dumps(document))
    read = read_judgements(file, split=split, classes=classes, taxonomy=DEFAULT_TAXONOMY)
    assert read.judgements == (
        Judgement(2, 0, Verdict.WRONG, "spurious correlation", "major"),
        Judgement(0, 1, Verdict.WRONG, "fine-grained out-of-vocabulary", "borderline"),
        Judgement(1, 3, Verdict.WRONG, "fine-grained", "minor", note="Fine-grained with Multilabel Options"),
    )
    [warning] = read.warnings
    assert warning.startswith("1 judgement says 'Fine-grained with Multilabel Options': read as 'fine-grained', the ")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            {"a": entry(category="Odd")},
            '"failure category" to be one of Fine-grained error, .*; got .Odd.',
            id="category",
        ),
        pytest.param({"a": entry(severity=None)}, '"failure severity" to be one of Major, .*; got None', id="severity"),
        pytest.param({"a": entry(category=["x"])}, '"failure category" to be one of', id="list"),
        pytest.param({"a": entry(), "x": entry()}, "item 'x': expected an item of the split main", id="unknown item"),
        pytest.param({"a": entry(4)}, r"item 'a': expected a class id 0\.\.3 or a class key; got 4", id="C"),
        pytest.param(
            {"a": entry(), "b": {}}, "item 'b': expected an object with \"top_prediction\"; got {}", id="no class"
        ),
        pytest.param({"a": 1}, "item 'a': expected an object with \"top_prediction\"; got 1", id="no object"),
        pytest.param({}, "expected a JSON object .*; got {}", id="empty"),
        pytest.param([], r"expected a JSON object .*; got \[\]", id="list of nothing"),
    ],
)
def test_bad_judgements_are_refused(
    write: Write, split: Split, classes: ClassList, document: object, message: str
) -> None:
    with pytest.raises(InputError, match=f"j.json.*{message}"):
        read_judgements(write("j.json", json.dumps(document)), split=split, classes=classes, taxonomy=DEFAULT_TAXONOMY)


def test_a_taxonomy_without_the_key_is_named(write: Write, split: Split, classes: ClassList) -> None:
    own = Taxonomy("own", (CategoryDefinition("odd", ""), CategoryDefinition("even", "")), DEFAULT_TAXONOMY.severities)
    file = write("j.json", json.dumps({"a": entry()}))
    with pytest.raises(
        InputError, match=r"taxonomy to have 'fine-grained', which 'Fine-grained error' means; got only odd, even"
    ):
        read_judgements(file, split=split, classes=classes, taxonomy=own)
    with pytest.raises(
        InputError, match=r"taxonomy to have 'minor', which 'Minor' means; got only . Add it to the taxonomy"
    ):
        read_judgements(file, split=split, classes=classes, taxonomy=replace(DEFAULT_TAXONOMY, severities=()))


def test_an_unknown_format_lists_the_known(write: Write, split: Split, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"a format of judgements; got odd\. There are: imagenet-mistakes"):
        read_judgements(write("j.json", "{}"), format="odd", split=split, classes=classes, taxonomy=DEFAULT_TAXONOMY)


@pytest.mark.shared_data
def test_the_panel_of_vit3b(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    read = read_judgements(
        shared_data / "imagenet" / "vit3b_mistakes.json",
        split=imagenet_split,
        classes=imagenet_classes,
        taxonomy=DEFAULT_TAXONOMY,
    )
    # Vasudevan et al. 2022, as released: category x severity Major/Minor/Borderline. The one "Fine-grained with
    # Multilabel Options" (Major) counts as fine-grained here: 87 + 1.
    table = {
        "fine-grained": (88, 101, 53),
        "fine-grained out-of-vocabulary": (22, 22, 10),
        "spurious correlation": (37, 13, 2),
        "non-prototypical": (7, 14, 9),
    }
    found = Counter((row.category, row.severity) for row in read.judgements)
    assert {
        category: tuple(found[category, severity] for severity in ("major", "minor", "borderline"))
        for category in table
    } == table
    assert len(read.judgements) == 378
    assert {row.verdict for row in read.judgements} == {Verdict.WRONG}
    assert sum(row.note != "" for row in read.judgements) == 1
    first = read.judgements[0]
    assert (imagenet_split.ids[first.item], first.class_id) == ("ILSVRC2012_val_00000612.JPEG", 192)
