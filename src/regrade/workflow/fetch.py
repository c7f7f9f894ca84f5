"""Fetch: published label sets from their makers' addresses, or from a copy at hand, known by their SHA-256."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.formats import FilePath, as_path
from regrade.workflow.download import Progress, WebFile, download
from regrade.workflow.labels import LabelsReport, save_import
from regrade.workflow.published import PublishedLabels, find_published
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What was fetched and stored."""

    labels: LabelsReport
    title: str
    """What the publishers call it."""
    source: str
    """The address, or the name of the copy."""
    sha256: str
    """SHA-256 of the file."""
    n_bytes: int


def fetch_labels(
    ws: Workspace,
    published: str,
    name: str,
    *,
    file: FilePath | None = None,
    url: str | None = None,
    sha256: str | None = None,
    split: str = MAIN_SPLIT,
    by: str = "local",
    progress: Progress = lambda _: None,
) -> FetchReport:
    """Get a published label file and import it as `NAME@1`, if it is the file that was published.

    Args:
        ws: The workspace.
        published: `imagenet-multilabel` or `imagenet-real`.
        name: Name of the label set.
        file: A copy at hand, in place of the download.
        url: Another address of the same file.
        sha256: SHA-256 that the file must have, in place of the one that is known of the published file.
        split: The split.
        by: Who does it, for the journal.
        progress: Told now and then how many bytes have come.

    Raises:
        ConflictError: The name holds other content.
        InputError: It cannot be had, or it is another file than the published one, or not for this split.
        NotFoundError: There is no such split.
    """
    known, target = find_published(published), ws.split(split)
    expected = _read_digest(sha256) if sha256 else known.sha256
    if file is not None and url is not None:
        raise InputError("a copy at hand or an address", got="both", remedy="Leave out --from or --url.")
    with tempfile.TemporaryDirectory(prefix="regrade-") as folder:
        address = url or known.url
        path = as_path(file) or Path(folder) / Path(known.url).name
        wanted = WebFile(address, max_bytes=4 * known.n_bytes, remedy=_remedy(known))
        digest = _digest_file(path) if file else download(wanted, path, progress=progress)
        source = path.name if file else address
        if digest != expected:
            raise _other_file(source, digest, expected, known, chosen=sha256 is not None)
        read = formats.read_labels(path, split=target, classes=ws.classes, format=known.format)
        n_bytes = path.stat().st_size
    where = f"copy {source}" if file else f"downloaded from {source}"
    report = save_import(
        ws,
        name,
        read,
        reason=f"{known.title}, {where}, SHA-256 {digest}",
        facts={"published": published, "source": source, "sha256": digest},
        by=by,
    )
    return FetchReport(report, known.title, source, digest, n_bytes)


def _read_digest(text: str) -> str:
    digest = text.strip().lower()
    if not _DIGEST.fullmatch(digest):
        raise InputError("64 hexadecimal digits", got=text[:80], where="--sha256")
    return digest


def _digest_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise InputError("a readable file", got=got, remedy="Check its path and rights.", where=str(path)) from error


def _remedy(known: PublishedLabels) -> str:
    return f"Try again later, or give a copy at hand with --from FILE. {known.elsewhere}"


def _other_file(source: str, digest: str, expected: str, known: PublishedLabels, *, chosen: bool) -> InputError:
    remedy = (
        "Check the digest that --sha256 gives."
        if chosen
        else f"It is damaged, or another version: if you trust it, say so with --sha256. {known.elsewhere}"
    )
    return InputError(f"a file with the SHA-256 {expected}", got=digest, remedy=remedy, where=source)
