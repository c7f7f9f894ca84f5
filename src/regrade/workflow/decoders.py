"""Decodes images in child processes, so that no file can harm this one; and replaces the child that a file has harmed.

The children belong to this process, not to a workspace: they are started when they are first needed, kept for the next
image, and ended with the process, however it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from regrade.workflow.decoder_child import ANSWER, QUESTION, Job, Limits, Outcome
from regrade.workflow.decoding import UndecodableError

N_CHILDREN = 2
"""At most so many at a time: while one is at a large image, others are not kept waiting."""
_PIECE = 1024 * 1024
"""Bytes of a file that are handed over at a time."""
_MAX_ANSWER = 64 * 1024 * 1024
"""Bytes: more than any image that is sent can take."""


class Decoded(NamedTuple):
    """What a child answers."""

    data: bytes
    """An image file, or a sketch's grey levels."""
    size: tuple[int, int]
    """Of a sketch's image; (0, 0) for others."""


class Decoders:
    """A few child processes that decode images; several threads may use them at once.

    Attributes:
        limits: What one image may take.
    """

    def __init__(self, limits: Limits | None = None, *, n_children: int = N_CHILDREN) -> None:
        self.limits = limits or Limits()
        self._n_children = n_children
        self._others: set[_Child] = set()
        self._start_over()

    def _start_over(self) -> None:
        self._room = threading.BoundedSemaphore(self._n_children)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()

    def ask(self, job: Job, file: BinaryIO, n_bytes: int, *, of_size: tuple[int, int] = (0, 0)) -> Decoded:
        """What a child makes of an image file.

        Args:
            job: What is wanted.
            file: Stands at the file's beginning.
            n_bytes: The file's length.
            of_size: A sketch's grey levels are made only of an image of this size; (0, 0): of any.

        Raises:
            UndecodableError: The file is no image that can be decoded, or decoding it took too much of something.
            OSError: The file cannot be read.
        """
        with self._child() as child:
            return child.ask(job, file, n_bytes, of_size)

    def pids(self) -> tuple[int, ...]:
        """The process ids of the children there are now."""
        with self._lock:
            return tuple(child.pid for child in self._all)

    def close(self) -> None:
        """End all children, also those at work: they hold nothing that could be lost."""
        with self._lock:
            children, self._all = self._all, set()
            self._idle.clear()
        for child in children:
            child.end()

    def forget(self) -> None:
        """Leave the children to the process that this one was forked from, and have others."""
        self._others = self._all
        self._start_over()

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """A child for the block; one that the block leaves in no state to go on is ended."""
        with self._room:
            child = self._take()
            try:
                yield child
            finally:
                self._give_back(child)

    def _take(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_ready:
                    return child
                self._all.discard(child)
                child.end()
            child = _Child(self.limits)
            self._all.add(child)
            return child

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if child.is_ready and child in self._all:
                self._idle.append(child)
                return
            self._all.discard(child)
        child.end()


class _Child:
    """One child process. Asked by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_step = True
        """Whether the last answer was read to its end."""
        command = [sys.executable, "-P", "-W", "ignore", "-m", "regrade.workflow.decoder_child"]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [*command, str(limits.memory), str(limits.cpu_seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # decoders complain there of what is wrong with a file
                env=_environment(),
            )
        except OSError as error:
            raise UndecodableError(f"no process to decode it in ({error.strerror})") from error
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 - pipes
        self._questions, self._answers = self._process.stdin, self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        return self._in_step and self._process.poll() is None

    def end(self) -> None:
        self._in_step = False
        self._process.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers):
            with contextlib.suppress(OSError):  # what is still to be written has no reader
                pipe.close()

    def ask(self, job: Job, file: BinaryIO, n_bytes: int, of_size: tuple[int, int]) -> Decoded:
        self._in_step = False
        late = threading.Event()
        clock = threading.Timer(self._limits.seconds, self._end_late, [late])
        clock.daemon = True
        clock.start()
        try:
            self._send(job, file, n_bytes, of_size)
            outcome, size, data = self._receive()
        except (BrokenPipeError, EOFError) as error:
            self._process.wait()
            raise UndecodableError(self._describe_end(is_late=late.is_set())) from error
        finally:
            clock.cancel()
            clock.join()  # so that it does not end the child at the next image
        self._in_step = not late.is_set()
        if outcome != Outcome.MADE:
            raise UndecodableError(data.decode(errors="replace"))
        return Decoded(data, size)

    def _send(self, job: Job, file: BinaryIO, n_bytes: int, of_size: tuple[int, int]) -> None:
        self._questions.write(QUESTION.pack(job, *of_size, n_bytes))
        while n_bytes:
            piece = file.read(min(n_bytes, _PIECE))
            if not piece:
                raise UndecodableError("a file that became shorter while it was read")
            self._questions.write(piece)
            n_bytes -= len(piece)
        self._questions.flush()

    def _receive(self) -> tuple[int, tuple[int, int], bytes]:
        outcome, width, height, n_bytes = ANSWER.unpack(self._read(ANSWER.size))
        if n_bytes > _MAX_ANSWER:
            raise UndecodableError("an image whose decoder gave an answer of impossible length")
        return outcome, (width, height), self._read(n_bytes)

    def _read(self, n_bytes: int) -> bytes:
        data = self._answers.read(n_bytes)
        if len(data) < n_bytes:
            raise EOFError
        return data

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _describe_end(self, *, is_late: bool) -> str:
        if is_late:
            return f"an image that takes more than {self._limits.seconds:g} seconds to decode"
        return f"an image that ends its decoder (exit status {self._process.returncode})"


def _environment() -> dict[str, str]:
    """Without what is meant for regrade (a database's address, say). The child imports from where this process does."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("REGRADE_")}
    return own | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}


DECODERS = Decoders()
"""Those of this process."""
atexit.register(DECODERS.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=DECODERS.forget)
