"""`regrade neighbors`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import CLASSES, Regrade


@pytest.fixture(autouse=True)
def _bench(regrade: Regrade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two items and three training items, with embeddings by `net`; the last item has none."""
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    (tmp_path / "items.csv").write_text("id,label\na,0\nb,1\n", encoding="utf-8")
    (tmp_path / "train.csv").write_text("id,label\nt,0\nu,2\nv,\n", encoding="utf-8")
    np.save(tmp_path / "main.npy", np.array([[1.0, 0.0], [np.nan, np.nan]]))
    np.save(tmp_path / "train.npy", np.array([[4.0, 3.0], [5.0, 0.0], [0.0, 2.0]]))
    regrade("init", "bench", "--classes", "classes.csv", "--items", "items.csv")
    monkeypatch.setenv("REGRADE_WORKSPACE", str(tmp_path / "bench"))
    regrade("items", "add", "train", "--items", "train.csv")
    regrade("embed", "import", "net", "main.npy")
    regrade("embed", "import", "net", "train.npy", "--split", "train")


def test_the_nearest_training_items(regrade: Regrade) -> None:
    ran = regrade("neighbors", "a", "b")
    # The cosines of (1, 0) with (5, 0), (4, 3) and (0, 2).
    assert ran.rows == ["a", "neighbor similarity class", "u 1.0000 2 pretzel", "t 0.8000 0 bagel", "v 0.0000 -", "b"]
    assert "nearest items of train, by net" in ran.err
    assert "No neighbors" in ran.err


def test_as_csv(regrade: Regrade) -> None:
    assert regrade("neighbors", "a", "-k", "2", "--csv").out.splitlines() == [
        "item,rank,neighbor,similarity,class_ids,class_names",
        "a,1,u,1.0,2,pretzel",
        "a,2,t,0.8,0,bagel",
    ]


def test_as_json(regrade: Regrade) -> None:
    found = regrade("neighbors", "t", "--split", "train", "--among", "train", "--by", "net", "-k", "1", "--json").json
    assert (found["embeddings"], found["split"], found["among"]) == ("net", "train", "train")
    (item,) = found["items"]
    assert item["item_id"] == "t"
    (near,) = item["neighbors"]
    assert (near["item_id"], near["similarity"], near["accepted"]) == ("u", pytest.approx(0.8), False)


def test_what_does_not_fit_is_refused(regrade: Regrade) -> None:
    assert "choose one of --json and --csv" in regrade("neighbors", "a", "--json", "--csv", code=2).err
    assert "expected ids of items of the split main; got 'x'" in regrade("neighbors", "x", code=1).err
    assert "no split absent" in regrade("neighbors", "a", "--among", "absent", code=1).err
