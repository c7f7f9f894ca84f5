"""The reviewed mistakes of google-research/imagenet-mistakes, as predictions that are known for the mistakes only."""

from __future__ import annotations

import numpy as np

from regrade.formats.mistakes_json import looks_like_mistakes, read_mistakes
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.sources import Source
from regrade.records.predictions import NO_CLASS, Predictions


@PREDICTION_FORMATS.register(
    "imagenet-mistakes",
    'JSON {file: {"top_prediction", ...}}: only the items that a model got wrong against a multi-label set',
    matches=looks_like_mistakes,
)
def read_imagenet_mistakes(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The predicted class of each mistake; an item that is not named is right wherever that label set grades it."""
    mistakes = read_mistakes(source, request.split, request.classes)
    dtype = np.int16 if len(request.classes) < 2**15 else np.int32
    classes = np.full((len(request.split), 1), NO_CLASS, dtype)
    classes[mistakes.items, 0] = mistakes.classes
    return (
        Predictions(
            model=request.model,
            split=request.split.name,
            kind=request.kind,
            n_classes=len(request.classes),
            classes=classes,
            scores=None,
            score_kind="none",
            only_mistakes=True,
        ),
    )
