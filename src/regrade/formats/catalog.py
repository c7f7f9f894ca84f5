"""All formats that regrade reads, by kind: for the documentation and for the help of `--format`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from regrade.formats import classes, equivalences, hierarchy, images, items
from regrade.formats.embeddings import EMBEDDING_FORMATS
from regrade.formats.huggingface import items as dataset_items
from regrade.formats.huggingface import labels as dataset_labels
from regrade.formats.judgements import JUDGEMENT_FORMATS
from regrade.formats.labels import LABEL_FORMATS
from regrade.formats.predictions import PREDICTION_FORMATS
from regrade.formats.reviews import REVIEW_FORMATS

FORMATS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "classes": {"csv": classes.DESCRIPTION},
        "embeddings": EMBEDDING_FORMATS.describe(),
        "equivalences": {"csv": equivalences.DESCRIPTION},
        "hierarchy": {"csv": hierarchy.DESCRIPTION},
        "items": {
            "csv": items.DESCRIPTION,
            "folder": images.DESCRIPTION,
            "huggingface": dataset_items.DESCRIPTION,
        },
        "judgements": JUDGEMENT_FORMATS.describe(),
        "labels": dict(sorted({**LABEL_FORMATS.describe(), "huggingface": dataset_labels.DESCRIPTION}.items())),
        "predictions": PREDICTION_FORMATS.describe(),
        "reviews": REVIEW_FORMATS.describe(),
    }
)
"""Per kind of file: the sorted names of its formats, each with one line that says what it holds."""
