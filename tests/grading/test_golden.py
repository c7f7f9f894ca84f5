"""Published and independently computed figures on the real ImageNet labels and predictions.

The files are read here with a few lines of polars, and the means are computed again from tables, so that an error of
the package's own readers or array code cannot hide.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from regrade.grading import AnswerKey, find_mistakes, grade, prepare_key
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps
from regrade.records.predictions import NO_CLASS, Predictions

pytestmark = pytest.mark.shared_data


class Golden(NamedTuple):
    """Figures computed from the released files; ReaL for the same predictions."""

    top1: float
    real: float
    class_mean: float
    item_mean: float
    n_mistakes: int


GOLDEN = {
    "pnasnet_large_tf": Golden(0.82858, 0.87704, 0.918578, 0.919217, 1510),
    "resnet50": Golden(0.76130, 0.82958, 0.850796, 0.852825, 2751),
    "imagenetx_ResNet50": Golden(0.76130, 0.82958, 0.850796, 0.852825, 2751),
    "imagenetx_ViT": Golden(0.78006, 0.83987, 0.867670, 0.869730, 2435),
    "vgg16": Golden(0.71592, 0.79040, 0.804173, 0.805853, 3629),
    "alexnet": Golden(0.56518, 0.63061, 0.642800, 0.646212, 6613),
    "cleanlab": Golden(0.72732, 0.77614, 0.795523, 0.797935, 3777),
}
# torchvision models of the same weights in model_stats_962.csv and predictions_val (resnet50 and larger are not).
SAME_WEIGHTS = [
    *["vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"],
    *["densenet121", "densenet161", "densenet169", "densenet201"],
    *["resnet18", "resnet34", "squeezenet1_0", "squeezenet1_1"],
]


@pytest.fixture(scope="module")
def split(shared_data: Path) -> Split:
    rows = pl.read_csv(shared_data / "imagenet" / "val_labels.csv")
    ids = tuple(rows["file"].to_list())
    return Split("main", ids, rows["class_id"].cast(pl.Int32).to_numpy(), ("",) * len(ids))


@pytest.fixture(scope="module")
def verdicts(shared_data: Path, split: Split) -> pl.DataFrame:
    """One row a verdict of multilabel_v3.csv as released: item, class, code, and the item's label and problematic."""
    lists = {"wrong": Verdict.WRONG, "unclear": Verdict.UNCLEAR, "correct": Verdict.CORRECT}
    types = {"original_label": pl.Int32, **dict.fromkeys(lists, pl.String), "problematic": pl.Int8}
    rows = pl.read_csv(shared_data / "imagenet" / "multilabel_v3.csv", schema_overrides=types)
    rows = rows.with_columns(item=pl.col("id").replace_strict(split.positions, return_dtype=pl.Int32)).drop("id")
    long = rows.unpivot(list(lists), index=["item", "original_label", "problematic"], variable_name="verdict")
    codes = {str(verdict): verdict.code for verdict in lists.values()}
    return (
        long.with_columns(
            class_id=pl.col("value").str.split(";"),
            code=pl.col("verdict").replace_strict(codes, return_dtype=pl.Int8),
        )
        .explode("class_id", empty_as_null=True)
        .with_columns(pl.col("class_id").cast(pl.Int32, strict=False))
    )


@pytest.fixture(scope="module")
def multilabel(verdicts: pl.DataFrame) -> LabelSet:
    items = verdicts.group_by("item").agg(pl.col("original_label", "problematic").first()).sort("item")
    pairs = verdicts.drop_nulls("class_id")
    pair_items, pair_classes, pair_codes, n_overlaps = settle_overlaps(
        *(pairs[name].to_numpy() for name in ("item", "class_id", "code"))
    )
    assert n_overlaps > 0
    return LabelSet(
        split="main",
        n_classes=1000,
        items=items["item"].to_numpy(),
        original=items["original_label"].to_numpy(),
        problematic=items["problematic"].to_numpy() == 1,
        pair_items=pair_items,
        pair_classes=pair_classes,
        pair_codes=pair_codes,
    )


@pytest.fixture(scope="module")
def real(shared_data: Path) -> LabelSet:
    lists: list[list[int]] = json.loads((shared_data / "imagenet" / "real.json").read_text())
    items = np.repeat(np.arange(len(lists), dtype=np.int32), [len(classes) for classes in lists])
    classes = np.array([class_id for classes in lists for class_id in sorted(classes)], np.int32)
    return LabelSet(
        split="main",
        n_classes=1000,
        items=np.arange(len(lists), dtype=np.int32),
        original=np.full(len(lists), NO_LABEL, np.int32),
        problematic=np.zeros(len(lists), np.bool_),
        pair_items=items,
        pair_classes=classes,
        pair_codes=np.full(len(classes), Verdict.CORRECT.code, np.int8),
    )


@pytest.fixture(scope="module")
def key(multilabel: LabelSet, split: Split) -> AnswerKey:
    return prepare_key(multilabel, split, ref="multilabel@1")


def read_ranks(folder: Path, split: Split, model: str) -> npt.NDArray[np.int16]:
    """(50,000, k) ranked classes in the split's order."""
    if model == "cleanlab" or model.startswith("imagenetx_"):
        file = "imagenet/cleanlab_predictions.csv" if model == "cleanlab" else f"predictions_val/{model}.csv"
        rows = pl.read_csv(folder / file)
        positions = rows[rows.columns[0]].replace_strict(split.positions, return_dtype=pl.Int32)
        ranks = np.full((len(split), 1), NO_CLASS, np.int16)
        ranks[positions.to_numpy(), 0] = rows["predicted_class"].to_numpy()
        return ranks
    return np.asarray(np.load(folder / "predictions_val" / "top5" / f"{model}.npy"), np.int16)


def read_model(folder: Path, split: Split, model: str) -> Predictions:
    return Predictions(model, "main", "model", 1000, read_ranks(folder, split, model), None, "none")


@pytest.mark.parametrize("model", GOLDEN)
def test_golden_table(shared_data: Path, split: Split, key: AnswerKey, real: LabelSet, model: str) -> None:
    predictions = read_model(shared_data, split, model)
    graded = grade(predictions, key)
    golden = GOLDEN[model]
    assert graded.top1_accuracy == golden.top1
    assert graded.multilabel_accuracy == pytest.approx(golden.class_mean, abs=1e-6)
    assert graded.item_accuracy == pytest.approx(golden.item_mean, abs=1e-6)
    assert (graded.n_items, graded.n_graded, graded.n_problematic) == (50_000, 18_692, 1_308)
    assert graded.n_mistakes == golden.n_mistakes

    by_real = grade(predictions, prepare_key(real, split, ref="real@1", policy="real"))
    assert by_real.item_accuracy == pytest.approx(golden.real, abs=5e-6)
    assert by_real.n_graded == 46_837


def test_real_of_resnet50(shared_data: Path, split: Split, real: LabelSet) -> None:
    graded = grade(read_model(shared_data, split, "resnet50"), prepare_key(real, split, ref="real@1", policy="real"))
    assert graded.n_graded - graded.n_mistakes == 38_855
    assert graded.item_accuracy == 38_855 / 46_837
    assert graded.n_unreviewed == graded.n_mistakes  # ReaL marks nothing wrong


@pytest.mark.parametrize(("model", "n_unreviewed"), [("resnet50", 54), ("imagenetx_ViT", 735)])
def test_never_reviewed(shared_data: Path, split: Split, key: AnswerKey, model: str, n_unreviewed: int) -> None:
    predictions = read_model(shared_data, split, model)
    assert grade(predictions, key).n_unreviewed == n_unreviewed
    assert np.count_nonzero(find_mistakes(predictions, key).codes == UNREVIEWED_CODE) == n_unreviewed


def test_vit3b(shared_data: Path, split: Split, key: AnswerKey) -> None:
    named = json.loads((shared_data / "imagenet" / "vit3b_mistakes.json").read_text())
    ranks = np.full((len(split), 1), NO_CLASS, np.int16)
    for file, row in named.items():
        ranks[split.positions[file], 0] = row["top_prediction"]
    graded = grade(Predictions("vit3b", "main", "model", 1000, ranks, None, "none", only_mistakes=True), key)
    assert graded.multilabel_accuracy == pytest.approx(0.9791488, abs=1e-7)
    assert graded.item_accuracy == pytest.approx(0.9797774, abs=1e-7)
    assert (graded.n_mistakes, graded.n_judged_wrong, graded.n_unreviewed) == (378, 378, 0)
    assert (graded.n_graded, graded.n_missing, graded.n_items, graded.top1_accuracy) == (18_692, 0, None, None)


@pytest.mark.parametrize("model", ["pnasnet_large_tf", "imagenetx_ViT", "alexnet"])
def test_means_equal_those_of_tables(
    shared_data: Path, split: Split, key: AnswerKey, verdicts: pl.DataFrame, model: str
) -> None:
    ranks = read_ranks(shared_data, split, model)
    predicted = pl.DataFrame({"item": np.arange(len(ranks), dtype=np.int32), "class_id": ranks[:, 0].astype(np.int32)})
    accepted = verdicts.filter(pl.col("code") > 0).select("item", "class_id").unique().with_columns(right=1)
    graded = (
        verdicts.filter(pl.col("problematic") == 0)
        .select("item", "original_label")
        .unique()
        .join(predicted, on="item")
        .join(accepted, on=["item", "class_id"], how="left")
        .with_columns(pl.col("right").fill_null(0))
    )
    class_mean = graded.group_by("original_label").agg(pl.col("right").mean())["right"].mean()
    ours = grade(read_model(shared_data, split, model), key)
    assert ours.multilabel_accuracy == pytest.approx(class_mean, abs=1e-12)
    assert ours.item_accuracy == pytest.approx(graded["right"].mean(), abs=1e-12)
    assert find_mistakes(read_model(shared_data, split, model), key).items.tolist() == sorted(
        graded.filter(pl.col("right") == 0)["item"].to_list()
    )


@pytest.mark.parametrize("model", SAME_WEIGHTS)
def test_equals_the_statistics_of_peychev(
    shared_data: Path, split: Split, key: AnswerKey, multilabel: LabelSet, model: str
) -> None:
    stats = pl.read_csv(shared_data / "imagenet" / "model_stats_962.csv")
    published = stats.row(by_predicate=pl.col("model_dir_id") == f"torchvision--{model}", named=True)
    predictions = read_model(shared_data, split, model)
    assert grade(predictions, key).multilabel_accuracy == pytest.approx(
        published["imagenet_mla_val_acc"] / 100, abs=1e-6
    )
    good = multilabel.items[~multilabel.problematic]
    of_good = prepare_key(multilabel, split, ref="multilabel@1", policy="single", only=good, slice_name="good")
    assert grade(predictions, of_good).n_mistakes == published["num_all_top1_errors"]
