"""Prediction files: one module a format."""

from regrade.formats.predictions.class_columns import read_class_columns
from regrade.formats.predictions.imagenet_mistakes import read_imagenet_mistakes
from regrade.formats.predictions.logits import read_logits
from regrade.formats.predictions.long import read_long
from regrade.formats.predictions.model_columns import read_model_columns
from regrade.formats.predictions.outputs import rank_outputs
from regrade.formats.predictions.ranking import are_probabilities, soften
from regrade.formats.predictions.ranks import read_ranks
from regrade.formats.predictions.registry import MAX_RANKS, PREDICTION_FORMATS, read_predictions
from regrade.formats.predictions.score_rows import ScoreRows
from regrade.formats.predictions.timm import read_timm
from regrade.formats.predictions.top1 import read_top1
from regrade.formats.predictions.top_members import read_top_members
from regrade.formats.predictions.wide import read_wide

__all__ = [
    "MAX_RANKS",
    "PREDICTION_FORMATS",
    "ScoreRows",
    "are_probabilities",
    "rank_outputs",
    "read_class_columns",
    "read_imagenet_mistakes",
    "read_logits",
    "read_long",
    "read_model_columns",
    "read_predictions",
    "read_ranks",
    "read_timm",
    "read_top1",
    "read_top_members",
    "read_wide",
    "soften",
]
