"""regrade: review a benchmark's remaining mistakes, correct its answer key, and grade every model again.

The public API. Each name is loaded when it is first used, so that `import regrade` is quick:

    with regrade.open_workspace("imagenet") as ws:
        for grade in regrade.grade_models(ws):
            print(grade.model, grade.multilabel_accuracy)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regrade.errors import RegradeError
    from regrade.formats import DatasetSource
    from regrade.grading.keys import AnswerKey
    from regrade.records.agreement import PanelAgreement, ReviewerReport
    from regrade.records.comparisons import Comparison, Comparisons
    from regrade.records.grades import Grade
    from regrade.records.labels import LabelSet, LabelSetVersion, Verdict
    from regrade.records.metrics import Calibration
    from regrade.records.panel import Pass, QuestionStatus
    from regrade.records.predictions import Predictions
    from regrade.records.shifts import Shift
    from regrade.workflow.agreement import measure_agreement
    from regrade.workflow.breakdowns import calibrate_models, grade_classes, grade_groups, grade_ranks
    from regrade.workflow.cases import list_cases, make_cases
    from regrade.workflow.compare import compare_models, compare_pair
    from regrade.workflow.derive import apply_equivalences, combine_versions
    from regrade.workflow.embed import run_embedder
    from regrade.workflow.embeddings import import_embeddings, list_embeddings
    from regrade.workflow.export import export_version
    from regrade.workflow.export_reviews import export_reviews
    from regrade.workflow.fetch import fetch_labels
    from regrade.workflow.grade import choose_key, grade_models
    from regrade.workflow.import_reviews import import_reviews
    from regrade.workflow.judgements import import_judgements
    from regrade.workflow.label_diffs import diff_versions
    from regrade.workflow.labels import import_labels, list_labels, load_labels, use_labels
    from regrade.workflow.logits import grade_logits
    from regrade.workflow.media_places import MediaPlace
    from regrade.workflow.mistake_filters import MistakeFilters
    from regrade.workflow.mistakes import search_mistakes
    from regrade.workflow.moved import grade_against
    from regrade.workflow.neighbors import find_neighbors
    from regrade.workflow.overview import load_overview
    from regrade.workflow.predictions import import_predictions, list_predictions, load_predictions
    from regrade.workflow.publish import preview_publication, publish_labels
    from regrade.workflow.questionnaires import export_questionnaire
    from regrade.workflow.reviewers import describe_reviewers
    from regrade.workflow.run import run_model
    from regrade.workflow.shift import compare_splits
    from regrade.workflow.workspace import Workspace, add_split, find_workspace, init_workspace, open_workspace

    __version__: str

_HOMES = {
    "AnswerKey": "regrade.grading.keys",
    "Calibration": "regrade.records.metrics",
    "Comparison": "regrade.records.comparisons",
    "Comparisons": "regrade.records.comparisons",
    "DatasetSource": "regrade.formats",
    "Grade": "regrade.records.grades",
    "LabelSet": "regrade.records.labels",
    "LabelSetVersion": "regrade.records.labels",
    "MediaPlace": "regrade.workflow.media_places",
    "MistakeFilters": "regrade.workflow.mistake_filters",
    "PanelAgreement": "regrade.records.agreement",
    "Pass": "regrade.records.panel",
    "Predictions": "regrade.records.predictions",
    "QuestionStatus": "regrade.records.panel",
    "RegradeError": "regrade.errors",
    "ReviewerReport": "regrade.records.agreement",
    "Shift": "regrade.records.shifts",
    "Verdict": "regrade.records.labels",
    "Workspace": "regrade.workflow.workspace",
    "add_split": "regrade.workflow.workspace",
    "apply_equivalences": "regrade.workflow.derive",
    "calibrate_models": "regrade.workflow.breakdowns",
    "choose_key": "regrade.workflow.grade",
    "combine_versions": "regrade.workflow.derive",
    "compare_models": "regrade.workflow.compare",
    "compare_pair": "regrade.workflow.compare",
    "compare_splits": "regrade.workflow.shift",
    "describe_reviewers": "regrade.workflow.reviewers",
    "diff_versions": "regrade.workflow.label_diffs",
    "export_questionnaire": "regrade.workflow.questionnaires",
    "export_reviews": "regrade.workflow.export_reviews",
    "export_version": "regrade.workflow.export",
    "fetch_labels": "regrade.workflow.fetch",
    "find_neighbors": "regrade.workflow.neighbors",
    "find_workspace": "regrade.workflow.workspace",
    "grade_against": "regrade.workflow.moved",
    "grade_classes": "regrade.workflow.breakdowns",
    "grade_groups": "regrade.workflow.breakdowns",
    "grade_logits": "regrade.workflow.logits",
    "grade_models": "regrade.workflow.grade",
    "grade_ranks": "regrade.workflow.breakdowns",
    "import_embeddings": "regrade.workflow.embeddings",
    "import_judgements": "regrade.workflow.judgements",
    "import_labels": "regrade.workflow.labels",
    "import_predictions": "regrade.workflow.predictions",
    "import_reviews": "regrade.workflow.import_reviews",
    "init_workspace": "regrade.workflow.workspace",
    "list_cases": "regrade.workflow.cases",
    "list_embeddings": "regrade.workflow.embeddings",
    "list_labels": "regrade.workflow.labels",
    "list_predictions": "regrade.workflow.predictions",
    "load_labels": "regrade.workflow.labels",
    "load_overview": "regrade.workflow.overview",
    "load_predictions": "regrade.workflow.predictions",
    "make_cases": "regrade.workflow.cases",
    "measure_agreement": "regrade.workflow.agreement",
    "open_workspace": "regrade.workflow.workspace",
    "preview_publication": "regrade.workflow.publish",
    "publish_labels": "regrade.workflow.publish",
    "run_embedder": "regrade.workflow.embed",
    "run_model": "regrade.workflow.run",
    "search_mistakes": "regrade.workflow.mistakes",
    "use_labels": "regrade.workflow.labels",
}

__all__ = [
    "AnswerKey",
    "Calibration",
    "Comparison",
    "Comparisons",
    "DatasetSource",
    "Grade",
    "LabelSet",
    "LabelSetVersion",
    "MediaPlace",
    "MistakeFilters",
    "PanelAgreement",
    "Pass",
    "Predictions",
    "QuestionStatus",
    "RegradeError",
    "ReviewerReport",
    "Shift",
    "Verdict",
    "Workspace",
    "add_split",
    "apply_equivalences",
    "calibrate_models",
    "choose_key",
    "combine_versions",
    "compare_models",
    "compare_pair",
    "compare_splits",
    "describe_reviewers",
    "diff_versions",
    "export_questionnaire",
    "export_reviews",
    "export_version",
    "fetch_labels",
    "find_neighbors",
    "find_workspace",
    "grade_against",
    "grade_classes",
    "grade_groups",
    "grade_logits",
    "grade_models",
    "grade_ranks",
    "import_embeddings",
    "import_judgements",
    "import_labels",
    "import_predictions",
    "import_reviews",
    "init_workspace",
    "list_cases",
    "list_embeddings",
    "list_labels",
    "list_predictions",
    "load_labels",
    "load_overview",
    "load_predictions",
    "make_cases",
    "measure_agreement",
    "open_workspace",
    "preview_publication",
    "publish_labels",
    "run_embedder",
    "run_model",
    "search_mistakes",
    "use_labels",
]


if not TYPE_CHECKING:  # a type checker must go on to tell wrong names

    def __getattr__(name):
        """Load a public name when it is first asked for."""
        if name == "__version__":
            return import_module("importlib.metadata").version("regrade")
        if name not in _HOMES:
            raise AttributeError(f"module 'regrade' has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value

    def __dir__():
        """The public names."""
        return __all__
