"""Ask a panel elsewhere: the open cases as a file to fill, or as tasks of another tool; blind in the first pass."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.formats.questionnaires.label_studio import LOCAL_FILES
from regrade.panel import compose_screens
from regrade.records.choices import check_choice
from regrade.records.exchange import QuestionSheet, ShownClass
from regrade.records.labels import LabelSetVersion, Verdict
from regrade.records.panel import Pass, QuestionStatus
from regrade.store import Transaction, decisions, questions
from regrade.workflow.files import save_file
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import item_token
from regrade.workflow.media_places import MediaPlace, ShowProgress, place_media
from regrade.workflow.planning import CASE_ORIGINS, UNDECIDED
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

TOKEN_PREFIX = "item-"  # noqa: S105 - no password
"""Before an item's token in files: a spreadsheet must not take it for a number."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class QuestionnaireReport:
    """What was written for a panel elsewhere."""

    files: tuple[Path, ...]
    format: str
    n_sheets: int
    """Items, or parts of items with many classes."""
    n_classes: int
    """Classes asked about in all, those that ride along included."""
    n_images: int
    """Images copied."""
    warnings: tuple[str, ...]


def export_questionnaire(
    ws: Workspace,
    file: formats.FilePath,
    *,
    format: str | None = None,
    pass_: Pass = Pass.VERDICT,
    media: MediaPlace | None = None,
    split: str = MAIN_SPLIT,
    progress: ShowProgress | None = None,
) -> QuestionnaireReport:
    """Write the open cases for a panel that works elsewhere; `import_reviews` reads what comes back.

    In the first pass an item's candidate classes stand in random order, the accepted ones among them, and nothing says
    which is which: no model, no role, no answer, and the item only by a token. In the second pass roles are shown.

    Args:
        ws: The workspace.
        file: Where; a file of that name is replaced.
        format: One of `formats.describe_questionnaires`; default: told by the file's name.
        pass_: Which pass to ask.
        media: Where the panel finds the images; default: where they are.
        split: The split.
        progress: Called with the number of images copied so far and in all; default: nobody is told.

    Raises:
        InputError: There is no open case, the pass or the format is unknown, an image is missing, or a file cannot be
            written.
    """
    file = Path(file)
    check_choice(pass_, Pass, "pass_")
    pass_ = Pass(pass_)
    name = formats.choose_questionnaire(file, format)
    version = labels_of_split(ws, split)
    with ws.store.read() as tx:
        asked = _list_asked(tx, split, pass_)
        decided = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT) if pass_ is Pass.KIND else ()
    if not asked:
        raise InputError(
            f"an open case in the pass {pass_}", got="none", remedy="Make cases with `regrade cases make`."
        )
    standing = {(row.item, row.class_id): row.verdict for row in decided if row.class_id is not None and row.verdict}
    media = MediaPlace() if media is None else media
    local = LOCAL_FILES if name == "label-studio" else ""
    addresses = place_media(ws, split, list(asked), media, local=local, progress=progress)
    sheets = _make_sheets(ws, version, asked, standing, pass_=pass_, addresses=addresses)
    made = formats.write_questionnaire(sheets, taxonomy=ws.settings.taxonomy, format=name)
    companions = {file.with_suffix(ending): content for ending, content in made.companions}
    for path, content in (*companions.items(), (file, made.content)):
        save_file(path, content)
    return QuestionnaireReport(
        files=(file, *companions),
        format=name,
        n_sheets=len(sheets),
        n_classes=sum(len(sheet.classes) for sheet in sheets),
        n_images=len(addresses) if media.copy_to else 0,
        warnings=_warn_of_names(sheets) if pass_ is Pass.VERDICT and not media.copy_to else (),
    )


def _list_asked(tx: Transaction, split: str, pass_: Pass) -> dict[int, list[int]]:
    """Class ids with an open case by item; in the second pass only of items whose first pass is over."""
    cases = questions.list_questions(tx, split=split, pass_=pass_, status=QuestionStatus.OPEN, origins=CASE_ORIGINS)
    waiting: frozenset[int] = frozenset()
    if pass_ is Pass.KIND:
        pairs = questions.load_pairs(tx, split, Pass.VERDICT, statuses=UNDECIDED, origins=CASE_ORIGINS)
        waiting = frozenset(pairs.distinct_items.tolist())
    found: dict[int, list[int]] = {}
    for row in cases:
        if row.item not in waiting:
            found.setdefault(row.item, []).append(row.class_id)
    return found


def _make_sheets(
    ws: Workspace,
    version: LabelSetVersion,
    asked: Mapping[int, Sequence[int]],
    standing: Mapping[tuple[int, int], Verdict],
    *,
    pass_: Pass,
    addresses: Mapping[int, str],
) -> tuple[QuestionSheet, ...]:
    """One sheet a part of an item, the items in random order."""
    rng = random.SystemRandom()
    labels = load_labels(ws, version)
    questionnaire = secrets.token_hex(6)
    sheets = []
    for item in rng.sample(sorted(asked), len(asked)):
        accepted = labels.accepted_classes(item)
        told: tuple[ShownClass, ...] = ()
        if pass_ is Pass.VERDICT:
            most = ws.protocol.max_classes_per_screen
            parts = compose_screens(asked[item], accepted, max_classes=most, rng=rng)
        else:
            parts = tuple((class_id,) for class_id in asked[item])
            told = show_accepted(ws, item, accepted, standing)
        sheets += [
            QuestionSheet(
                token=f"{TOKEN_PREFIX}{item_token(ws, version.split, item)}",
                media=addresses[item],
                pass_=pass_,
                labels=version.ref,
                questionnaire=questionnaire,
                classes=tuple(show_class(ws, class_id) for class_id in classes),
                accepted=told,
            )
            for classes in parts
        ]
    return tuple(sheets)


def show_accepted(
    ws: Workspace, item: int, accepted: Sequence[int], standing: Mapping[tuple[int, int], Verdict]
) -> tuple[ShownClass, ...]:
    """The classes accepted by the labels and by what the panel has decided since."""
    verdicts = dict.fromkeys(accepted, Verdict.CORRECT) | {
        class_id: verdict for (place, class_id), verdict in standing.items() if place == item
    }
    return tuple(
        show_class(ws, class_id) for class_id, verdict in sorted(verdicts.items()) if verdict is not Verdict.WRONG
    )


def show_class(ws: Workspace, class_id: int) -> ShownClass:
    """A class as a questionnaire shows it."""
    classes = ws.classes
    return ShownClass(class_id, classes.keys[class_id], classes.names[class_id], classes.definitions[class_id])


def _warn_of_names(sheets: Iterable[QuestionSheet]) -> tuple[str, ...]:
    """Addresses that hold the key or name of a class that is asked about may tell the label."""
    telling = [sheet.media for sheet in sheets if _tells(sheet)]
    if not telling:
        return ()
    what = "Addresses of images that hold the key or name of a class asked about, and may tell the label"
    remedy = "Copy the images under names that tell nothing with --media."
    return (f"{what}: {len(telling):,}, such as {telling[0]}. {remedy}",)


def _tells(sheet: QuestionSheet) -> bool:
    address = _words(sheet.media)
    return any(_words(text) in address for row in sheet.classes for text in (row.key, row.name) if _words(text) != "  ")


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "
