"""`regrade labels fetch`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import get_args

import pytest

from regrade.cli.fetch import Published
from regrade.workflow.published import PUBLISHED
from tests.cli.conftest import Regrade
from tests.webserver import Reply, serve

REAL = b"[[0, 3], [0], [1], [], [2], [2], [3], [3]]"
SHA256 = hashlib.sha256(REAL).hexdigest()


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_the_published_labels_are_the_known_ones() -> None:
    assert get_args(Published) == tuple(PUBLISHED)


def test_a_download_is_imported(regrade: Regrade) -> None:
    with serve({"/real.json": [Reply(body=REAL)]}) as server:
        url = f"{server.url}/real.json"
        ran = regrade("labels", "fetch", "imagenet-real", "real", "--url", url, "--sha256", SHA256)
    assert ran.out.splitlines() == [
        "real@1: imported: 8 items (0 problematic), 8 verdicts",
        f"from {url}: 42 bytes, SHA-256 {SHA256}",
    ]
    assert "fetching imagenet-real: 0.0 of 0.4 MB (1 of 1)" in ran.err
    assert "warning: 1 of 8 items are not problematic and have no accepted class." in ran.err


def test_a_large_download_gives_signs_of_life(regrade: Regrade) -> None:
    annotations = (
        b'{"initial_annots": {"photo_0.jpg": {"correct": ["bagel"]}}, "problematic_images": {}, "imagenet_m": []}'
    )
    body = annotations + b" " * 25_000_000
    digest = hashlib.sha256(body).hexdigest()
    with serve({"/h.json": [Reply(body=body)]}) as server:
        url = f"{server.url}/h.json"
        ran = regrade("labels", "fetch", "imagenet-multilabel", "multi", "--url", url, "--sha256", digest)
    # 200 MB are announced, in steps of 10
    said = [line for line in ran.err.splitlines() if line.startswith("fetching")]
    assert [line.split(" (")[1] for line in said] == ["1 of 21)", "2 of 21)", "3 of 21)"]
    assert ran.out.startswith("multi@1: imported: 1 item (0 problematic), 1 verdict\n")


def test_a_copy_at_hand(regrade: Regrade) -> None:
    Path("copy.json").write_bytes(REAL)
    report = regrade(
        "labels", "fetch", "imagenet-real", "real", "--from", "copy.json", "--sha256", SHA256, "--json"
    ).json
    assert (report["source"], report["sha256"], report["labels"]["created"]) == ("copy.json", SHA256, True)
    again = regrade("labels", "fetch", "imagenet-real", "real", "--from", "copy.json", "--sha256", SHA256)
    assert again.out.startswith("real@1: there already, nothing changed")
    assert again.err.startswith("warning: ")


def test_another_file_is_refused_with_both_digests(regrade: Regrade) -> None:
    Path("copy.json").write_bytes(REAL)
    said = regrade("labels", "fetch", "imagenet-real", "real", "--from", "copy.json", code=1).err
    assert SHA256 in said
    assert PUBLISHED["imagenet-real"].sha256 in said


def test_a_refusal_says_what_to_do(regrade: Regrade) -> None:
    with serve({"/h.json": [Reply(403)]}) as server:
        said = regrade("labels", "fetch", "imagenet-multilabel", "m", "--url", f"{server.url}/h.json", code=1).err
    assert "got 403 Forbidden" in said
    assert "--from FILE" in said


def test_what_is_not_published_is_wrong_usage(regrade: Regrade) -> None:
    assert "'cifar' is not one of" in regrade("labels", "fetch", "cifar", "c", code=2).err
