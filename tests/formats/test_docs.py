"""docs/formats.md names every format, and each of its examples is read without error."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from regrade.formats import (
    FORMATS,
    DatasetSource,
    ReviewContext,
    read_classes,
    read_dataset_items,
    read_dataset_labels,
    read_embeddings,
    read_equivalences,
    read_hierarchy,
    read_items,
    read_judgements,
    read_labels,
    read_predictions,
    read_reviews,
    scan_images,
)
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.settings import DEFAULT_TAXONOMY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
SECTION = re.compile(r"^### (?P<kind>\w+): (?P<name>[\w-]+)\n(?P<body>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)


def load_examples() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Language and content of the examples of each (kind, format)."""
    text = PAGE.read_text(encoding="utf-8")
    return {
        (section["kind"], section["name"]): [
            (block["language"], block["content"]) for block in BLOCK.finditer(section["body"])
        ]
        for section in SECTION.finditer(text)
    }


EXAMPLES = load_examples()
ALL_FORMATS = [(kind, name) for kind, formats in FORMATS.items() for name in formats]


def test_every_format_has_a_section_and_no_other_has() -> None:
    assert sorted(EXAMPLES) == sorted(ALL_FORMATS)


def store(folder: Path, language: str, content: str, name: str = "example") -> Path:
    """Write an example down, or run the code that writes it; returns the file or folder."""
    if language == "python":
        exec(content, {})  # noqa: S102 - our own documentation, in a temporary folder
        return next(folder.glob("example.*"))
    if language == "text":
        for line in content.split():
            path = folder / "images" / line
            path.parent.mkdir(parents=True)
            path.write_bytes(b"")
        return folder / "images"
    path = folder / f"{name}.{language}"
    path.write_text(content, encoding="utf-8")
    return path


def read_saved(folder: Path, *, classes: ClassList, split: Split | None = None) -> object:
    """The items of a saved dataset, or with a split its labels."""
    source = DatasetSource(content=folder)
    if split is None:
        return read_dataset_items(source, split="main", classes=classes)
    return read_dataset_labels(source, split=split, classes=classes)


@pytest.mark.parametrize(("kind", "name"), ALL_FORMATS, ids=str)
def test_every_example_is_read(kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    classes = read_classes(store(tmp_path, *EXAMPLES["classes", "csv"][0], name="classes"))
    split = read_items(store(tmp_path, *EXAMPLES["items", "csv"][0], name="items"), split="main", classes=classes).split
    blocks = EXAMPLES[kind, name]
    columns = store(tmp_path, *blocks.pop(), name="columns") if name == "model-columns" else None
    predictions = partial(read_predictions, split=split, classes=classes, model="m", columns=columns)
    readers: dict[str, Callable[[Path], object]] = {
        "classes": read_classes,
        "embeddings": partial(read_embeddings, split=split, name="net"),
        "equivalences": partial(read_equivalences, classes=classes),
        "hierarchy": partial(read_hierarchy, classes=classes),
        "items": partial(scan_images if name == "folder" else read_items, split="main", classes=classes),
        "judgements": partial(read_judgements, split=split, classes=classes, taxonomy=DEFAULT_TAXONOMY),
        "labels": partial(read_labels, split=split, classes=classes),
        "predictions": predictions,
        "reviews": partial(read_reviews, context=ReviewContext(split, classes, {"item-0": 0}.get)),
    }
    assert blocks
    if name == "huggingface":
        readers = {
            "items": partial(read_saved, classes=classes),
            "labels": partial(read_saved, classes=classes, split=split),
        }
    for language, content in blocks:
        file = store(tmp_path, language, content)
        assert readers[kind](file) is not None
        if name == "huggingface":
            continue
        if kind in ("embeddings", "labels", "predictions", "reviews") and columns is None:
            named: Callable[[Path], object] = partial(readers[kind], format=name)  # type: ignore[call-arg]
            assert named(file) is not None
