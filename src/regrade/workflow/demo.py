"""The demo: scikit-learn's 1,797 scanned digits, five kinds of real classifiers, and their mistakes ready to review."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
from PIL import Image

from regrade.errors import ConflictError
from regrade.records.grades import Grade
from regrade.store.private import PRIVATE_FOLDER
from regrade.workflow.cases import CasesReport, make_cases
from regrade.workflow.grade import grade_models
from regrade.workflow.predictions import import_predictions
from regrade.workflow.settings import SETTINGS_FILE
from regrade.workflow.workspace import init_workspace, open_workspace

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

N_FOLDS = 5
DIGITS = (
    ("zero", "a closed oval without a stroke inside"),
    ("one", "a single upright stroke, with or without a flag and a foot"),
    ("two", "a curve open to the left above, ending in a flat foot"),
    ("three", "two bows open to the left, one above the other"),
    ("four", "an open or closed angle crossed by an upright stroke"),
    ("five", "a flat top, a short upright at its left, a bow below"),
    ("six", "a stroke that comes down into a closed loop below"),
    ("seven", "a flat top with a slanting stroke from its right end, crossed or not"),
    ("eight", "two closed loops, one above the other"),
    ("nine", "a closed loop above with a tail that goes down"),
)
"""Name and definition of each digit, in our own words."""

Progress = Callable[[str, int, int], None]
"""Called with what is done next, the step (0-based) and the number of steps."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The demo's workspace."""

    folder: Path
    created: bool
    """False: it was there already and is left as it is."""
    labels: str
    grades: tuple[Grade, ...]
    cases: CasesReport


def make_demo(folder: Path, *, n_reviewers: int = 2, progress: Progress | None = None) -> DemoReport:
    """Make the demo's workspace, or open the one that is there.

    The classifiers are trained here and predict out of fold (stratified, fixed seed), so that no model has seen
    the scan that it is asked about. No answers of experts are made up: the cases wait for real reviewers.

    Args:
        folder: Where.
        n_reviewers: Reviewers per item.
        progress: Told of every step.

    Raises:
        ConflictError: The folder holds something else.
        StoreError: The workspace in it cannot be used.
    """
    created = not (folder / SETTINGS_FILE).exists()
    if created:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConflictError(f"{folder} is there and holds no workspace.", remedy="Name an empty or a new folder.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as unfinished:
            _build(Path(unfinished) / folder.name, n_reviewers, progress or _silent)
            (Path(unfinished) / folder.name).rename(folder)
    with open_workspace(folder) as ws:
        cases = make_cases(ws, dry_run=True)
        grades = grade_models(ws)
    return DemoReport(folder, created, cases.labels, grades, cases)


def _silent(_what: str, _step: int, _n_steps: int) -> None:
    pass


def _build(folder: Path, n_reviewers: int, progress: Progress) -> None:
    from sklearn.datasets import load_digits  # noqa: PLC0415 - scikit-learn takes a second to import

    scans, labels = load_digits(return_X_y=True)
    models = _classifiers()
    n_steps = len(models) + 2
    with tempfile.TemporaryDirectory() as name:
        sources = Path(name)
        progress("scans", 0, n_steps)
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _write_scans(folder / "scans", scans)
        init_workspace(
            folder,
            classes=_write_classes(sources / "classes.csv"),
            items=_write_items(sources / "items.csv", labels),
            media=folder / "scans",
            name="digits",
            n_reviewers=n_reviewers,
            by="demo",
        )
        files = []
        for step, (model, classifier) in enumerate(models.items(), start=1):
            progress(model, step, n_steps)
            files.append((model, _write_predictions(sources / f"{model}.npy", classifier, scans, labels)))
        progress("cases", n_steps - 1, n_steps)
        with open_workspace(folder) as ws:
            import_predictions(ws, files, by="demo")
            make_cases(ws, by="demo")


def _classifiers() -> dict[str, BaseEstimator]:
    """Different kinds of classifier, strong and weak, so that they make different mistakes."""
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 - takes long to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes long to import
    from sklearn.naive_bayes import GaussianNB  # noqa: PLC0415 - takes long to import
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415 - takes long to import
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 - takes long to import
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - takes long to import
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - takes long to import
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - takes long to import

    return {
        "decision_tree": DecisionTreeClassifier(max_depth=10, min_samples_leaf=3, random_state=0),
        "gaussian_nb": GaussianNB(var_smoothing=1e-3),
        "k_nearest": KNeighborsClassifier(n_neighbors=15, weights="distance"),
        "logistic_regression": make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500)),
        "neural_network": MLPClassifier((32,), max_iter=400, early_stopping=True, random_state=0),
        "random_forest": RandomForestClassifier(n_estimators=60, random_state=0),
    }


def _write_predictions(
    path: Path,
    classifier: Any,
    scans: npt.NDArray[np.float64],
    labels: npt.NDArray[np.int64],
) -> Path:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict  # noqa: PLC0415 - takes long to import

    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=0)
    probabilities = cross_val_predict(classifier, scans, labels, cv=folds, method="predict_proba")
    np.save(path, probabilities.astype(np.float32))
    return path


def _write_scans(folder: Path, scans: npt.NDArray[np.float64]) -> None:
    """8 x 8 greys (0..16, ink bright) as PNG, dark ink on light paper."""
    folder.mkdir(exist_ok=True)
    paper = (255 - np.rint(scans.reshape(-1, 8, 8) * (255 / 16))).astype(np.uint8)
    for at, scan in enumerate(paper):
        Image.fromarray(scan).save(folder / f"scan_{at:04d}.png")


def _write_classes(path: Path) -> Path:
    rows = [
        {"class_id": at, "key": str(at), "name": name, "definition": text} for at, (name, text) in enumerate(DIGITS)
    ]
    pl.DataFrame(rows).write_csv(path)
    return path


def _write_items(path: Path, labels: npt.NDArray[np.int64]) -> Path:
    files = [f"scan_{at:04d}.png" for at in range(len(labels))]
    pl.DataFrame({"file": files, "class_id": labels}).write_csv(path)
    return path
