"""Neighbors of items: found, named, and kept from reviewers where they would tell something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from regrade.errors import InputError, NotFoundError
from regrade.workflow.cases import make_cases
from regrade.workflow.embeddings import import_embeddings
from regrade.workflow.labels import import_labels
from regrade.workflow.media import find_item
from regrade.workflow.neighbors import NearestImages, find_neighbors, nearest_images
from regrade.workflow.predictions import import_predictions
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import N_ITEMS

TRAIN_LABELS = (0, 1, 2, 3)
MAIN = np.stack([np.cos(np.arange(N_ITEMS) / 10), np.sin(np.arange(N_ITEMS) / 10)], axis=1)
"""Item i points at i / 10 radians."""
ANGLES = (0.12, 0.71, 0.0, 3.0)
"""Where the training images point. From item 0 they are 0.12, 0.71, 0 and 3 radians away: the third is the nearest,
then the first, the second and the fourth. From item 7 it is 0.58, 0.01, 0.7 and 2.3: second, first, third, fourth."""


def add_train(ws: Workspace, folder: Path, name: str = "train") -> None:
    """Four training images, one a class."""
    folder.mkdir()
    rows = ["file,class_id"]
    for at, label in enumerate(TRAIN_LABELS):
        rows.append(f"t{at}.png,{label}")
        Image.new("RGB", (8, 8), (at * 50, 0, 0)).save(folder / f"t{at}.png")
    (folder / "items.csv").write_text("\n".join(rows) + "\n")
    add_split(ws, name, items=folder / "items.csv")


def train_vectors(angles: tuple[float, ...] = ANGLES) -> np.ndarray:
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


@pytest.fixture
def trained(ws: Workspace, tmp_path: Path) -> Workspace:
    """With a split `train` and embeddings of both by `net`."""
    add_train(ws, tmp_path / "train")
    import_embeddings(ws, "net", MAIN)
    import_embeddings(ws, "net", train_vectors(), split="train")
    return ws


def test_the_nearest_of_the_other_split_with_their_classes(trained: Workspace) -> None:
    report = find_neighbors(trained, ["img_7.png", "img_0.png"], k=3)
    assert (report.embeddings, report.split, report.among) == ("net", "main", "train")
    assert [row.item_id for row in report.items] == ["img_7.png", "img_0.png"]
    seventh, first = (row.neighbors for row in report.items)
    assert [row.item_id for row in seventh] == ["t1.png", "t0.png", "t2.png"]
    assert [[named.name for named in row.classes] for row in seventh] == [["dough"], ["bagel"], ["pretzel"]]
    np.testing.assert_allclose([row.similarity for row in seventh], np.cos([0.01, 0.58, 0.7]), atol=1e-6)
    assert [row.item_id for row in first] == ["t2.png", "t0.png", "t1.png"]
    # Item 0 is a bagel, and so is t0.
    assert [row.accepted for row in first] == [False, True, False]
    assert first[0].media == first[0].token
    assert find_item(trained, first[0].token) == ("train", 2)


def test_a_lone_text_is_one_item(trained: Workspace) -> None:
    assert [row.item_id for row in find_neighbors(trained, "img_3.png").items] == ["img_3.png"]


def test_among_its_own_split_an_item_is_left_out(trained: Workspace) -> None:
    (row,) = find_neighbors(trained, ["img_3.png"], among="main", k=4).items
    # 2 and 4 are equally far, up to the rounding of their vectors.
    assert {near.item_id for near in row.neighbors[:2]} == {"img_2.png", "img_4.png"}
    assert {near.item_id for near in row.neighbors[2:]} == {"img_1.png", "img_5.png"}


def test_fewer_than_asked_for_and_none(trained: Workspace) -> None:
    assert len(find_neighbors(trained, ["img_0.png"], k=1000).items[0].neighbors) == 4
    vectors = MAIN.copy()
    vectors[0] = np.nan
    import_embeddings(trained, "half", vectors)
    import_embeddings(trained, "half", train_vectors(), split="train")
    assert find_neighbors(trained, ["img_0.png"], embeddings="half").items[0].neighbors == ()
    assert find_neighbors(trained, [], embeddings="half").items == ()


def test_classes_are_those_that_the_labels_of_the_split_accept(trained: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "train.csv"
    file.write_text("id,original_label,correct,unclear,wrong,problematic\nt2.png,2,0;3,,2,0\n")
    import_labels(trained, "better", file, split="train")
    nearest = find_neighbors(trained, ["img_0.png"], k=2).items[0].neighbors
    assert [[named.class_id for named in row.classes] for row in nearest] == [[0, 3], [0]]  # t0 is not covered
    assert [row.accepted for row in nearest] == [True, True]


def test_without_labels_there_are_no_classes_and_nothing_is_accepted_or_not(ws: Workspace, tmp_path: Path) -> None:
    for at in range(2):
        Image.new("RGB", (8, 8), (at, 0, 0)).save(tmp_path / f"{at}.png")
    add_split(ws, "wild", images=tmp_path)
    import_embeddings(ws, "net", MAIN)
    import_embeddings(ws, "net", np.eye(2), split="wild")
    (near, _) = find_neighbors(ws, ["img_0.png"]).items[0].neighbors
    assert (near.item_id, near.classes, near.accepted) == ("0.png", (), False)
    (back, *_) = find_neighbors(ws, ["0.png"], split="wild").items[0].neighbors
    assert ([named.name for named in back.classes], back.accepted) == (["bagel"], None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "1 to 1000 neighbors; got 0"),
        ({"k": 1001}, "1 to 1000 neighbors; got 1001"),
        ({"items": ["img_0.png", "x", "y"]}, r"ids of items of the split main; got 'x' \(1 more"),
        ({"items": [3]}, "names as text; got a value of type int"),
    ],
)
def test_what_does_not_fit_is_refused(trained: Workspace, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_neighbors(trained, **{"items": ["img_0.png"], **options})  # type: ignore[arg-type]


def test_without_embeddings_it_says_what_there_are(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"No embeddings of the splits main and another .*There are: none yet"):
        find_neighbors(ws, ["img_0.png"])
    add_train(ws, tmp_path / "train")
    import_embeddings(ws, "net", MAIN)
    import_embeddings(ws, "other", train_vectors(), split="train")
    with pytest.raises(NotFoundError, match="There are: net of main, other of train"):
        find_neighbors(ws, ["img_0.png"])
    with pytest.raises(NotFoundError, match="No embeddings net of the splits main and train"):
        find_neighbors(ws, ["img_0.png"], among="train", embeddings="net")
    with pytest.raises(NotFoundError, match="no split absent"):
        find_neighbors(ws, ["img_0.png"], among="absent")
    assert find_neighbors(ws, ["img_0.png"], among="main").embeddings == "net"


def test_several_that_could_be_meant_have_to_be_named(trained: Workspace, tmp_path: Path) -> None:
    import_embeddings(trained, "pixels", MAIN)
    import_embeddings(trained, "pixels", train_vectors(), split="train")
    with pytest.raises(InputError, match=r"embeddings of one embedder; got net, pixels\. Name one with --by"):
        find_neighbors(trained, ["img_0.png"])
    assert find_neighbors(trained, ["img_0.png"], embeddings="pixels").embeddings == "pixels"
    add_train(trained, tmp_path / "second", name="second")
    import_embeddings(trained, "net", train_vectors(), split="second")
    with pytest.raises(InputError, match=r"one split to search in; got second, train\. Name one with --among"):
        find_neighbors(trained, ["img_0.png"], embeddings="net")
    assert find_neighbors(trained, ["img_0.png"], among="second").embeddings == "net"


def ids(found: NearestImages | None) -> list[str]:
    assert found is not None
    return [row.item_id for row in found.images]


def test_a_page_shows_the_split_train_by_the_newest_embeddings(trained: Workspace, tmp_path: Path) -> None:
    add_train(trained, tmp_path / "second", name="second")
    import_embeddings(trained, "net", train_vectors(), split="second")
    shown = nearest_images(trained, "main", 0, for_reviewer=True)
    assert shown is not None
    assert (shown.embeddings, shown.among, ids(shown)) == ("net", "train", ["t2.png", "t0.png", "t1.png", "t3.png"])
    import_embeddings(trained, "later", MAIN)
    import_embeddings(trained, "later", train_vectors((3.0, 0.0, 0.1, 0.2)), split="train")
    shown = nearest_images(trained, "main", 0, for_reviewer=True)
    assert shown is not None
    assert (shown.embeddings, ids(shown)) == ("later", ["t1.png", "t2.png", "t3.png", "t0.png"])


def test_without_train_it_shows_the_only_other_split(ws: Workspace, tmp_path: Path) -> None:
    assert nearest_images(ws, "main", 0, for_reviewer=False) is None
    import_embeddings(ws, "net", MAIN)
    assert nearest_images(ws, "main", 0, for_reviewer=False) is None
    for name in ("one", "two"):
        add_train(ws, tmp_path / name, name=name)
    import_embeddings(ws, "net", train_vectors(), split="one")
    shown = nearest_images(ws, "main", 0, for_reviewer=False)
    assert shown is not None
    assert shown.among == "one"
    import_embeddings(ws, "net", train_vectors(), split="two")
    assert nearest_images(ws, "main", 0, for_reviewer=False) is None


def test_nothing_is_shown_of_an_item_without_a_vector(ws: Workspace, tmp_path: Path) -> None:
    add_train(ws, tmp_path / "train")
    vectors = MAIN.copy()
    vectors[0] = np.nan
    import_embeddings(ws, "net", vectors)
    import_embeddings(ws, "net", train_vectors(), split="train")
    assert nearest_images(ws, "main", 0, for_reviewer=True) is None
    assert nearest_images(ws, "main", 1, for_reviewer=True) is not None


def test_reviewers_are_not_shown_what_the_panel_is_asked_about(trained: Workspace) -> None:
    assert "t2.png" in ids(nearest_images(trained, "main", 0, for_reviewer=True))
    # One mistake, on t2: a case of the split train.
    import_predictions(trained, [("net", np.array([0, 1, 3, 3]))], split="train")
    make_cases(trained, split="train")
    assert ids(nearest_images(trained, "main", 0, for_reviewer=True)) == ["t0.png", "t1.png", "t3.png"]
    assert ids(nearest_images(trained, "main", 0, for_reviewer=False)) == ["t2.png", "t0.png", "t1.png", "t3.png"]


def test_what_is_kept_is_found_again_and_not_mixed_up(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regrade.workflow.neighbors._N_KEPT", 2)  # items share places
    for _ in range(2):
        for item in range(N_ITEMS):
            shown = nearest_images(trained, "main", item, for_reviewer=True)
            assert ids(shown) == [
                near.item_id for near in find_neighbors(trained, [f"img_{item}.png"]).items[0].neighbors
            ]
