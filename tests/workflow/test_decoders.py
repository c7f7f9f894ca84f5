"""Decoding in child processes: real ones, and files that harm them."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from regrade.workflow.decoder_child import Job, Limits
from regrade.workflow.decoders import Decoders
from regrade.workflow.decoding import UndecodableError

LINUX = pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the system does not show its limits")


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    """Decoders of the test's own."""
    own = Decoders(n_children=1)
    yield own
    own.close()


def file_of(mode: str, size: tuple[int, int], color: int | tuple[int, ...] = 0) -> bytes:
    """An image file; of one color it is small, however large the image is."""
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, "TIFF" if mode == "F" else "PNG", compression="tiff_deflate")
    return out.getvalue()


def ask(decoders: Decoders, data: bytes, job: Job = Job.FULL) -> bytes:
    return decoders.ask(job, io.BytesIO(data), len(data)).data


def ask_often(decoders: Decoders, data: bytes) -> None:
    for _ in range(50):
        ask(decoders, data)


def still_works(decoders: Decoders) -> None:
    with Image.open(io.BytesIO(ask(decoders, file_of("RGB", (80, 60))))) as image:
        assert image.size == (80, 60)


def test_a_child_is_kept_for_the_next_image(decoders: Decoders) -> None:
    assert decoders.pids() == ()
    still_works(decoders)
    first = decoders.pids()
    with pytest.raises(UndecodableError, match="no readable raster image"):
        ask(decoders, b"no image")
    still_works(decoders)
    assert (len(first), decoders.pids()) == (1, first)


def test_a_bomb_ends_at_the_memory_that_is_allowed(decoders: Decoders) -> None:
    decoders.limits = Limits(memory=300 * 1024**2)
    bomb = file_of("F", (8000, 8000))  # 256 MB of pixels in a file of a thousandth of that
    assert len(bomb) < 1024**2
    with pytest.raises(UndecodableError, match="an image that takes too much memory to decode"):
        ask(decoders, bomb)
    still_works(decoders)


def test_a_large_float_image_takes_little_more_than_its_pixels(decoders: Decoders) -> None:
    # 24 million pixels: 96 MB as they are, 192 MB as one array of floats, and there would be several of those.
    decoders.limits = Limits(memory=512 * 1024**2)
    with Image.open(io.BytesIO(ask(decoders, file_of("F", (6000, 4000)), Job.THUMB))) as image:
        assert (image.mode, image.size) == ("L", (320, 213))


def test_an_image_that_takes_too_long_is_given_up(decoders: Decoders) -> None:
    decoders.limits = Limits(seconds=0.001)  # nothing even starts as fast
    with pytest.raises(UndecodableError, match=r"an image that takes more than 0\.001 seconds to decode"):
        still_works(decoders)
    assert decoders.pids() == ()
    decoders.limits = Limits()
    still_works(decoders)


@LINUX
def test_an_image_that_computes_too_long_ends_its_child(decoders: Decoders) -> None:
    decoders.limits = Limits(cpu_seconds=0)  # that is, up to the next whole second
    large = file_of("RGBA", (3000, 3000), (1, 2, 3, 4))
    with pytest.raises(UndecodableError, match=rf"ends its decoder \(exit status -{signal.SIGXCPU:d}\)"):
        ask_often(decoders, large)
    decoders.limits = Limits()
    still_works(decoders)


@LINUX
def test_the_system_holds_the_limits(decoders: Decoders) -> None:
    still_works(decoders)
    rows = Path(f"/proc/{decoders.pids()[0]}/limits").read_text().splitlines()
    hard = {row[:25].strip(): row[47:].split()[0] for row in rows}
    expected = {"Max address space": "1610612736", "Max core file size": "0", "Max file size": "0"}
    assert hard.items() >= (expected | {"Max open files": "16", "Max processes": "0"}).items()


@LINUX
def test_a_child_does_not_know_what_regrade_is_told(decoders: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_DATABASE_URL", "postgresql://u:secret@h/d")
    still_works(decoders)
    assert b"secret" not in Path(f"/proc/{decoders.pids()[0]}/environ").read_bytes()


class Spoiled(io.BytesIO):
    """A file during whose reading something happens."""

    def __init__(self, data: bytes, happens: Callable[[], object]) -> None:
        super().__init__(data)
        self.happens = happens

    def read(self, size: int | None = -1, /) -> bytes:
        self.happens()
        return super().read(size)


@pytest.mark.parametrize("job", [Job.FULL, Job.SKETCH])
@pytest.mark.parametrize("kind", ["BMP", "GIF", "JPEG", "MPO", "PNG", "TIFF", "WEBP"])
def test_every_format_is_decoded_within_the_limits(decoders: Decoders, kind: str, job: Job) -> None:
    frames = [Image.new("RGB", (90, 70), color) for color in ("red", "blue")]
    out = io.BytesIO()
    several = {} if kind in {"BMP", "JPEG"} else {"save_all": True, "append_images": frames[1:]}
    frames[0].save(out, kind, **several)
    assert ask(decoders, out.getvalue(), job)


@pytest.mark.parametrize("mode", ["1", "CMYK", "I", "I;16", "L", "LA", "LAB", "P", "PA", "RGBA", "RGBX", "YCbCr"])
def test_every_mode_is_decoded_within_the_limits(decoders: Decoders, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (90, 70)).save(out, "TIFF")
    assert ask(decoders, out.getvalue())


def test_a_child_that_is_killed_at_work_costs_one_image(decoders: Decoders) -> None:
    still_works(decoders)
    first = decoders.pids()
    data = file_of("RGB", (80, 60))
    killed = Spoiled(data, lambda: os.kill(first[0], signal.SIGKILL))
    with pytest.raises(UndecodableError, match=r"an image that ends its decoder \(exit status -9\)"):
        decoders.ask(Job.FULL, killed, len(data))
    still_works(decoders)
    assert decoders.pids() != first


def test_a_child_that_died_between_images_costs_none(decoders: Decoders) -> None:
    still_works(decoders)
    first = decoders.pids()
    os.kill(first[0], signal.SIGKILL)
    os.waitid(os.P_PID, first[0], os.WEXITED | os.WNOWAIT)
    still_works(decoders)
    assert decoders.pids() != first


def test_a_file_that_ends_early_or_fails_leaves_nothing_behind(decoders: Decoders) -> None:
    data = file_of("RGB", (80, 60))
    with pytest.raises(UndecodableError, match="a file that became shorter while it was read"):
        decoders.ask(Job.FULL, io.BytesIO(data), len(data) + 1)
    still_works(decoders)

    def fail() -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        decoders.ask(Job.FULL, Spoiled(data, fail), len(data))
    still_works(decoders)


def test_many_threads_get_their_own_images() -> None:
    decoders = Decoders()
    greys = [10 + 5 * number for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        sketches = list(pool.map(lambda grey: ask(decoders, file_of("L", (80, 60), grey), Job.SKETCH), greys))
    assert sketches == [bytes([grey]) * 256 for grey in greys]
    assert 1 <= len(decoders.pids()) <= 2
    decoders.close()
    assert decoders.pids() == ()


FORKS = """
import io, os
from PIL import Image
from regrade.workflow.decoder_child import Job
from regrade.workflow.decoders import DECODERS
out = io.BytesIO()
Image.new("L", (80, 60)).save(out, "PNG")
def ask():
    DECODERS.ask(Job.FULL, io.BytesIO(out.getvalue()), len(out.getvalue()))
    print(*DECODERS.pids(), flush=True)
ask()
forked = os.fork()
ask()
if forked:
    os.waitpid(forked, 0)
    ask()
else:
    DECODERS.close()
    os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_has_children_of_its_own() -> None:
    run = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    pids = run.stdout.split()
    assert (len(pids), len(set(pids))) == (4, 2)
    assert pids.count(pids[0]) == 3  # the first process's, before and after
