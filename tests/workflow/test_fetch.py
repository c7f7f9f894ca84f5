"""Fetching published labels: from a server on loopback, and from a copy at hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from regrade.errors import InputError, NotFoundError
from regrade.store import journal
from regrade.workflow.fetch import fetch_labels
from regrade.workflow.labels import list_labels, load_labels, resolve_labels
from regrade.workflow.published import PUBLISHED
from regrade.workflow.workspace import Workspace
from tests.webserver import Reply, serve

# ReaL's labels for the small benchmark's eight items
REAL = b"[[0], [0, 3], [1], [], [2], [2], [3], [3]]"
SHA256 = hashlib.sha256(REAL).hexdigest()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_download_says_where_it_comes_from(ws: Workspace) -> None:
    told: list[int] = []
    with serve({"/real.json": [Reply(500), Reply(body=REAL)]}) as server:
        url = f"{server.url}/real.json"
        report = fetch_labels(ws, "imagenet-real", "real", url=url, sha256=SHA256, by="ann", progress=told.append)
    assert (report.source, report.sha256, report.n_bytes) == (url, SHA256, len(REAL))
    assert (report.labels.version.ref, report.labels.n_items, report.labels.n_verdicts) == ("real@1", 8, 8)
    assert told == [len(REAL)]
    assert load_labels(ws, "real").accepted_classes(1) == (0, 3)
    version = resolve_labels(ws, "real")
    assert (version.author, version.parent) == ("ann", None)
    assert version.reason == (f"ReaL labels of ImageNet (Beyer et al. 2020), downloaded from {url}, SHA-256 {SHA256}")
    # it is an import like any other: the first name imported becomes the default
    assert resolve_labels(ws).ref == "real@1"
    with ws.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["labels.import"])
    assert (line.facts["published"], line.facts["source"], line.facts["sha256"]) == ("imagenet-real", url, SHA256)


def test_a_copy_at_hand_needs_no_network(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_bytes(REAL)
    report = fetch_labels(ws, "imagenet-real", "real", file=file, sha256=f" {SHA256.upper()}\n")
    assert (report.source, report.labels.created) == ("copy.json", True)
    assert f"copy copy.json, SHA-256 {SHA256}" in resolve_labels(ws, "real").reason
    assert not fetch_labels(ws, "imagenet-real", "real", file=file, sha256=SHA256).labels.created


def test_another_file_than_the_published_one_is_refused_and_nothing_stored(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_bytes(REAL)
    known = PUBLISHED["imagenet-real"]
    with pytest.raises(
        InputError, match=rf"copy.json: expected .*SHA-256 {known.sha256}; got {SHA256}.*--sha256"
    ) as caught:
        fetch_labels(ws, "imagenet-real", "real", file=file)
    assert known.elsewhere in str(caught.value)
    with pytest.raises(InputError, match=rf"expected .*{'0' * 64}; got {SHA256}\. Check the digest"):
        fetch_labels(ws, "imagenet-real", "real", file=file, sha256="0" * 64)
    with (
        serve({"/real.json": [Reply(body=REAL + b" ")]}) as server,
        pytest.raises(InputError, match="with the SHA-256"),
    ):
        fetch_labels(ws, "imagenet-real", "real", url=f"{server.url}/real.json", sha256=SHA256)
    assert [row.version.name for row in list_labels(ws)] == ["original"]


def test_a_server_that_refuses_says_what_to_do(ws: Workspace) -> None:
    message = r"got 403 Forbidden\. .*--from FILE\. .*TensorFlow Datasets"
    with serve({"/h.json": [Reply(403)]}) as server, pytest.raises(InputError, match=message):
        fetch_labels(ws, "imagenet-multilabel", "multi", url=f"{server.url}/h.json")


def test_a_file_much_longer_than_the_published_one_is_refused(ws: Workspace) -> None:
    long, message = Reply(body=b" " * 2_000_000), "expected at most 1,553,912 bytes; got a longer file"
    with serve({"/real.json": [long]}) as server, pytest.raises(InputError, match=message):
        fetch_labels(ws, "imagenet-real", "real", url=f"{server.url}/real.json")


def test_a_file_for_another_split_is_refused(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_bytes(b"[[0]]")
    with pytest.raises(InputError, match="a JSON list of 8 lists"):
        fetch_labels(ws, "imagenet-real", "real", file=file, sha256=hashlib.sha256(b"[[0]]").hexdigest())
    with pytest.raises(NotFoundError, match="no split second"):
        fetch_labels(
            ws, "imagenet-real", "real", file=file, sha256=hashlib.sha256(b"[[0]]").hexdigest(), split="second"
        )


def test_what_makes_no_sense_is_refused(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one of imagenet-multilabel, imagenet-real; got cifar"):
        fetch_labels(ws, "cifar", "real")
    with pytest.raises(InputError, match="a copy at hand or an address; got both"):
        fetch_labels(ws, "imagenet-real", "real", file=tmp_path / "x", url="http://127.0.0.1/")
    with pytest.raises(InputError, match="--sha256: expected 64 hexadecimal digits; got abc"):
        fetch_labels(ws, "imagenet-real", "real", file=tmp_path / "x", sha256="abc")
    with pytest.raises(InputError, match="expected a readable file; got No such file or directory"):
        fetch_labels(ws, "imagenet-real", "real", file=tmp_path / "x")
