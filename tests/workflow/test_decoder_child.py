"""What a decoding process answers; here without the process, which `test_decoders.py` has."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from regrade.workflow.decoder_child import ANSWER, QUESTION, Job, Outcome, serve_images


def ask(*questions: bytes) -> list[tuple[int, tuple[int, int], bytes]]:
    """What is answered to questions that come one after the other."""
    out = io.BytesIO()
    serve_images(io.BytesIO(b"".join(questions)), out, cpu_seconds=3600)
    out.seek(0)
    answers = []
    while head := out.read(ANSWER.size):
        outcome, width, height, n_bytes = ANSWER.unpack(head)
        answers.append((outcome, (width, height), out.read(n_bytes)))
    return answers


def question(job: Job, data: bytes, size: tuple[int, int] = (0, 0)) -> bytes:
    return QUESTION.pack(job, *size, len(data)) + data


@pytest.fixture
def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 90, 90)).save(out, "PNG")
    return out.getvalue()


def test_each_question_is_answered_in_turn(photo: bytes) -> None:
    full, thumb, broken, sketch = ask(
        question(Job.FULL, photo), question(Job.THUMB, photo), question(Job.FULL, b"x"), question(Job.SKETCH, photo)
    )
    for (outcome, _, data), size in ((full, (640, 480)), (thumb, (320, 240))):
        with Image.open(io.BytesIO(data)) as image:
            assert (outcome, image.size) == (Outcome.MADE, size)
    assert broken == (Outcome.REFUSED, (0, 0), b"no readable raster image (UnidentifiedImageError)")
    assert sketch == (Outcome.MADE, (640, 480), bytes([90]) * 256)


def test_a_sketch_of_another_size_has_no_grey_levels(photo: bytes) -> None:
    same, other = ask(question(Job.SKETCH, photo, (640, 480)), question(Job.SKETCH, photo, (641, 480)))
    assert (len(same[2]), other) == (256, (Outcome.MADE, (640, 480), b""))


def test_what_a_decoder_did_not_foresee_is_a_refusal() -> None:
    # A GIF whose logical screen has no width: the error is none of those that a damaged file is known to raise, or it
    # is; what matters is that there is an answer to each.
    damaged = [b"GIF89a" + bytes(n) for n in range(40)] + [b"II*\0" + bytes([8, 0, 0, 0, 255, 255]) + bytes(60)]
    assert [row[0] for row in ask(*(question(Job.FULL, data) for data in damaged))] == [Outcome.REFUSED] * 41


@pytest.mark.parametrize("n_missing", [1, 1000])
def test_half_a_question_ends_it(photo: bytes, n_missing: int) -> None:
    assert ask(question(Job.FULL, photo)[:-n_missing]) == []
