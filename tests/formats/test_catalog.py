"""The list of all formats."""

from __future__ import annotations

from regrade.formats import FORMATS


def test_every_kind_and_format_is_listed_in_order() -> None:
    assert {kind: list(formats) for kind, formats in FORMATS.items()} == {
        "classes": ["csv"],
        "embeddings": ["named-vectors", "vector-column", "vectors"],
        "equivalences": ["csv"],
        "hierarchy": ["csv"],
        "items": ["csv", "folder", "huggingface"],
        "judgements": ["imagenet-mistakes"],
        "labels": ["csv", "huggingface", "human-accuracy", "parquet", "real"],
        "predictions": [
            *("class-columns", "imagenet-mistakes", "logits", "long", "model-columns", "ranks"),
            *("timm", "top-members", "top1", "wide"),
        ],
        "reviews": ["csv", "jsonl", "label-studio", "label-studio-min", "parquet"],
    }
    assert list(FORMATS) == sorted(FORMATS)


def test_every_description_is_one_line() -> None:
    for formats in FORMATS.values():
        for description in formats.values():
            assert description
            assert "\n" not in description
