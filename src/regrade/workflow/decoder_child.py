"""A process that decodes images and does nothing else: it reads files' bytes and answers with images, within limits.

Whatever a damaged or hostile file does to a decoder, it does to this process. It writes no file and starts nothing;
what a limit stops is one image. It ends when its input does, so it does not outlive the process that started it.

A question is `QUESTION`, then the file's bytes. An answer is `ANSWER`, then bytes: an image, a sketch's grey levels, or
in UTF-8 what came instead of an image.
"""

from __future__ import annotations

import contextlib
import math
import signal
import sys
import time
from enum import IntEnum
from struct import Struct
from typing import BinaryIO, NamedTuple

from PIL import Image

from regrade.workflow.decoding import UndecodableError, decode, render, sketch, upright_size

try:
    import resource
except ModuleNotFoundError:  # Windows has no such limits
    resource = None  # type: ignore[assignment] # Windows has no such module

QUESTION = Struct("!BIIQ")
"""What is asked (`Job`); a sketch's width and height, 0 for any; the number of bytes that follow."""
ANSWER = Struct("!BIIQ")
"""What comes (`Outcome`); a sketch's width and height; the number of bytes that follow."""


class Job(IntEnum):
    """What is asked of an image."""

    FULL = 0
    THUMB = 1
    SKETCH = 2
    """Its upright size, and its grey levels if it is of the size that is asked about."""


class Outcome(IntEnum):
    """What comes of it."""

    REFUSED = 0
    MADE = 1


class Limits(NamedTuple):
    """What one image may take. The first two are the child's own; the system holds them, where it knows such limits."""

    memory: int = 1536 * 1024**2
    """Bytes of address space of the whole process: the largest that is allowed takes 1.2 GB."""
    cpu_seconds: int = 20
    seconds: float = 30.0
    """By the clock, with the bytes' way there and back; the parent counts them."""


class _Answer(NamedTuple):
    outcome: Outcome
    width: int
    height: int
    data: bytes


def serve_images(questions: BinaryIO, answers: BinaryIO, *, cpu_seconds: int) -> None:
    """Answer questions until there are no more."""
    while len(head := questions.read(QUESTION.size)) == QUESTION.size:
        job, width, height, n_bytes = QUESTION.unpack(head)
        data = questions.read(n_bytes)
        if len(data) < n_bytes:
            return
        _allow_cpu(cpu_seconds)
        outcome, width, height, made = _answer(Job(job), data, (width, height))
        del data
        answers.write(ANSWER.pack(outcome, width, height, len(made)))
        answers.write(made)
        answers.flush()


def _answer(job: Job, data: bytes, size: tuple[int, int]) -> _Answer:
    try:
        if job is Job.SKETCH:
            return decode(data, lambda image: _sketch(image, size))
        return _Answer(
            Outcome.MADE, 0, 0, decode(data, lambda image: render(image, "full" if job is Job.FULL else "thumb"))
        )
    except UndecodableError as error:
        return _refusal(str(error))
    except MemoryError:
        return _refusal("an image that takes too much memory to decode")
    except Exception as error:  # noqa: BLE001 - the edge: decoders raise whatever comes to them
        return _refusal(f"no readable raster image ({type(error).__name__})")


def _sketch(image: Image.Image, of_size: tuple[int, int]) -> _Answer:
    size = upright_size(image)
    grey = sketch(image).tobytes() if of_size in {(0, 0), size} else b""
    return _Answer(Outcome.MADE, *size, grey)


def _refusal(got: str) -> _Answer:
    return _Answer(Outcome.REFUSED, 0, 0, got.encode())


def _limit(memory: int) -> None:
    """Take from this process what decoding does not need. Windows has no such limits: only the parent's clock holds."""
    if resource is None:
        return
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,  # it writes no file
        resource.RLIMIT_NOFILE: 16,  # some modules are imported when an image first needs them
        resource.RLIMIT_NPROC: 0,
    }
    for kind, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a system that knows the name and not the limit
            resource.setrlimit(kind, (most, most))


def _allow_cpu(seconds: int) -> None:
    """Let the system end this process once it has computed for so many seconds more."""
    if resource is not None:
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, most))


def main() -> None:
    """Answer on standard output what is asked on standard input; the arguments are the first two of `Limits`."""
    memory, cpu_seconds = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent: when it ends, so does the input
    Image.init()  # now, and not within the time of the first odd image
    _limit(memory)
    with contextlib.suppress(BrokenPipeError):
        serve_images(sys.stdin.buffer, sys.stdout.buffer, cpu_seconds=cpu_seconds)


if __name__ == "__main__":
    main()
