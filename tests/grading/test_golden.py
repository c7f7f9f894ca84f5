"""Published and independently computed figures on the real ImageNet labels and predictions.

The files are read here with a few lines of polars, and the means are computed again from tables, so that an error of
the package's own readers or array code cannot hide.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from regrade.grading import AnswerKey, find_mistakes, grade, prepare_key
from regrade.grading.breakdowns import grade_by_class, grade_by_group
from regrade.grading.calibration import calibrate
from regrade.grading.rankings import grade_ranks
from regrade.records.classes import ClassList
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
# Multi-label accuracy (%) on the items that have an accepted class in the group, as released:
# eth-sri/automated-error-analysis, stats-imagenet/non_problematic_stats_{organism,artifact,other}.csv, mla_group.
# The released num_group_samples are 7,624, 10,184 and 1,596 for every model.
OF_GROUPS = {
    "vgg11": (80.03112758441398, 69.6494241785855, 69.81117121438272),
    "vgg11_bn": (80.72918130878351, 70.48038019279035, 69.87879362271221),
    "vgg13": (79.7293675431327, 72.42012141751488, 69.97318678461764),
    "vgg13_bn": (81.41553937517257, 72.57487431400423, 70.98898925727619),
    "vgg16": (82.50524285353994, 73.35509616498959, 71.01698857245216),
    "vgg16_bn": (84.6479712656183, 74.91337275075439, 72.61272986840461),
    "vgg19": (83.56237258743802, 73.79029394870093, 74.16293852005994),
    "vgg19_bn": (85.7960457287678, 75.81455651913002, 75.06661294965068),
    "densenet121": (85.23412558361349, 77.04626482377577, 73.9504732283405),
    "densenet161": (88.30987456195838, 80.98732189432314, 79.2328374473728),
    "densenet169": (86.1508159525544, 79.31514986864649, 73.53100606399884),
    "densenet201": (86.9013188824453, 79.64748781692414, 79.21319801265152),
    "resnet18": (80.38823710858716, 69.95805470228392, 70.54706857276015),
    "resnet34": (84.37744783124631, 76.3482317766715, 72.81075418282761),
    "squeezenet1_0": (68.03354534213062, 55.752568266078995, 55.42317974161934),
    "squeezenet1_1": (69.71406568542785, 56.47774596480431, 56.208294579857956),
}


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


@pytest.fixture(scope="module")
def classes(shared_data: Path) -> ClassList:
    rows = pl.read_csv(shared_data / "imagenet" / "classes.csv")
    columns = (tuple(rows[name].to_list()) for name in ("wnid", "name", "gloss", "group"))
    return ClassList(*columns)


@pytest.mark.parametrize("model", SAME_WEIGHTS)
def test_groups_by_any_accepted_label_equal_those_of_peychev(
    shared_data: Path, split: Split, key: AnswerKey, classes: ClassList, model: str
) -> None:
    rows = grade_by_group(read_model(shared_data, split, model), key, classes, group_by="accepted")
    by_name = {row.group: row for row in rows}
    published = dict(zip(("organism", "artifact", "other"), OF_GROUPS[model], strict=True))
    assert {name: row.n_graded for name, row in by_name.items()} == {
        "organism": 7_624,
        "artifact": 10_184,
        "other": 1_596,
    }
    assert {name: row.multilabel_accuracy for name, row in by_name.items()} == {
        name: pytest.approx(percent / 100, abs=1e-6) for name, percent in published.items()
    }


def test_all_classes_as_one_group_are_the_grade_and_the_statistics_of_peychev(
    shared_data: Path, split: Split, key: AnswerKey, classes: ClassList
) -> None:
    stats = pl.read_csv(shared_data / "imagenet" / "model_stats_962.csv")
    everything = replace(classes, groups=("all",) * 1000)
    for model in SAME_WEIGHTS:
        published = stats.row(by_predicate=pl.col("model_dir_id") == f"torchvision--{model}", named=True)
        (row,) = grade_by_group(read_model(shared_data, split, model), key, everything, group_by="accepted")
        assert row.n_graded == published["num_group_samples"]
        assert row.multilabel_accuracy == pytest.approx(published["mla_group"] / 100, abs=1e-6)


def test_groups_by_original_label_part_the_items(
    shared_data: Path, split: Split, key: AnswerKey, classes: ClassList
) -> None:
    predictions = read_model(shared_data, split, "resnet50")
    rows, by_class = grade_by_group(predictions, key, classes), grade_by_class(predictions, key, classes)
    whole = grade(predictions, key)
    assert {row.group: row.n_classes for row in rows} == {"organism": 410, "artifact": 522, "other": 68}
    for counts in ("n_graded", "n_mistakes", "n_unreviewed"):
        of_classes = pl.DataFrame({"group": classes.groups, "n": [getattr(row, counts) for row in by_class]})
        sums = dict(of_classes.group_by("group").agg(pl.col("n").sum()).iter_rows())
        assert {row.group: getattr(row, counts) for row in rows} == sums
        assert sum(sums.values()) == getattr(whole, counts)
    shares = [row.accuracy for row in by_class if row.accuracy is not None]
    assert sum(shares) / len(shares) == pytest.approx(whole.multilabel_accuracy)


def test_variable_top_k_equals_a_plain_loop(
    shared_data: Path, split: Split, key: AnswerKey, multilabel: LabelSet
) -> None:
    predictions = read_model(shared_data, split, "resnet50")
    ranks, shares = predictions.classes.tolist(), []
    for item in key.items.tolist():
        accepted = multilabel.accepted_classes(item)
        if accepted and len(accepted) <= 5:
            shares.append(len(set(ranks[item][: len(accepted)]) & set(accepted)) / len(accepted))
    row = grade_ranks(predictions, key, variable=True)
    n_longer = sum(len(multilabel.accepted_classes(item)) > 5 for item in key.items.tolist())
    if n_longer:  # five ranks are stored here
        assert row.variable_top_k_accuracy is None
        assert f"fewer ranks than accepted classes on {n_longer} of the items" in row.notes[0]
        few = np.array([item for item in key.items.tolist() if len(multilabel.accepted_classes(item)) <= 5], np.int32)
        of_few = prepare_key(multilabel, split, ref="multilabel@1", only=few, slice_name="at most five")
        row = grade_ranks(predictions, of_few, variable=True)
    assert row.n_variable_top_k == len(shares)
    assert row.variable_top_k_accuracy == pytest.approx(sum(shares) / len(shares))


@pytest.mark.parametrize("model", ["resnet50", "pnasnet_large_tf"])
def test_top_5_equals_the_released_figure(shared_data: Path, split: Split, key: AnswerKey, model: str) -> None:
    released = pl.read_csv(shared_data / "predictions_val" / "models.csv")
    row = released.row(by_predicate=pl.col("model") == model, named=True)
    predictions = read_model(shared_data, split, model)
    assert grade_ranks(predictions, key, top_k=5).top_k_accuracy == pytest.approx(row["top5_accuracy_vs_val_labels"])
    assert grade_ranks(predictions, key, top_k=1).top_k_accuracy == pytest.approx(row["top1_accuracy_vs_val_labels"])


@pytest.mark.parametrize("model", ["imagenetx_ResNet50", "imagenetx_ViT"])
def test_calibration_on_real_confidences(
    shared_data: Path, split: Split, key: AnswerKey, multilabel: LabelSet, model: str
) -> None:
    rows = pl.read_csv(shared_data / "predictions_val" / f"{model}.csv")
    positions = rows["file_name"].replace_strict(split.positions, return_dtype=pl.Int32).to_numpy()
    scores = np.full((len(split), 1), np.nan, np.float32)
    scores[positions, 0] = rows["predicted_probability"].to_numpy()
    predictions = replace(read_model(shared_data, split, model), scores=scores, score_kind="probability")
    row = calibrate(predictions, key)
    wrong = np.isin(key.items, find_mistakes(predictions, key).items)
    confidence = scores[key.items, 0]
    assert (row.n_graded, row.n_without_confidence, row.n_wrong) == (18_692, 0, GOLDEN[model].n_mistakes)
    assert row.n_unreviewed == {"imagenetx_ResNet50": 54, "imagenetx_ViT": 735}[model]
    assert row.wrong_auroc == pytest.approx(roc_auc_score(wrong, -confidence))
    # The surest first, by a plain loop over runs of equal confidence.
    order = np.argsort(-confidence, kind="stable")
    assert row.risk_coverage_area == pytest.approx(
        np.mean(np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)), abs=1e-5
    )
    assert row.accuracy == pytest.approx(GOLDEN[model].item_mean, abs=1e-6)
    of_problematic = scores[multilabel.items[multilabel.problematic], 0]
    assert row.n_problematic == 1_308
    assert row.mean_confidence_problematic == pytest.approx(of_problematic.mean(dtype=np.float64))
    assert row.mean_confidence_wrong == pytest.approx(confidence[wrong].mean(dtype=np.float64))
    # Both models are less sure where they are wrong, and in between on problematic items.
    means = (row.mean_confidence_wrong, row.mean_confidence_problematic, row.mean_confidence_right)
    known = [mean for mean in means if mean is not None]
    assert len(known) == 3
    assert known == sorted(known)
