"""Child processes that begin at once: each is forked from one that has imported regrade and has done nothing else.

For tests that kill many of them. Only the imports are shared: what a child opens, it opens itself.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Self, TextIO

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["regrade.web.serve"])
"""All of regrade but its command line."""


class Child:
    """A process that does some work, and is killed at the end of the block.

    Attributes:
        out: What it prints, line by line.
    """

    def __init__(self, work: Callable[..., object], *arguments: object) -> None:
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_run, args=(theirs, work, arguments))
        self._process.start()
        theirs.close()
        self.out: TextIO = os.fdopen(os.dup(ours.fileno()), encoding="utf-8")
        ours.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.join()
        self.out.close()

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def read_rest(self) -> str:
        """What it printed and nobody read, once it has been killed."""
        rest = self.out.read()
        self._process.join()
        assert self._process.exitcode == -9, rest
        return rest


def _run(out: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    for stream in (sys.stdout, sys.stderr):
        os.dup2(out.fileno(), stream.fileno())
    out.close()
    work(*arguments)
