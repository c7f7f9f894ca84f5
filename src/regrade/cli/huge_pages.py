"""Huge pages for a program that mostly waits: what it does after a pause takes a half to a third of the time.

What a server keeps lies in tens of thousands of small pages of memory. A virtual machine's processor that has done
something else meanwhile has to find each of them again, which takes longer than the work that they are needed for.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_ASKED = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1", "PYTHONMALLOC": "malloc"}
"""The C library asks the system for huge pages, and Python takes its memory from the C library.

All threads share one arena: Python's take turns anyway, and one for each would take a quarter more memory.
"""
_SINCE = (2, 35)
"""The first version of glibc that can ask for them."""
_OFFERED = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def use_huge_pages() -> None:
    """Start this program anew, in the same process, with its memory in huge pages; call it before anything else.

    Nothing happens where it has been done, where the system has none to give, or where somebody has chosen how memory
    is given out. The programs that this one starts do without.
    """
    given = {name: os.environ[name] for name in _ASKED if name in os.environ}
    if given == _ASKED:
        for name in _ASKED:
            del os.environ[name]
    elif not given and sys.executable and _are_offered():
        with suppress(OSError):  # it may be forbidden: then it does without
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | _ASKED)  # noqa: S606 - itself


def _are_offered() -> bool:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        modes = _OFFERED.read_text(encoding="ascii")
    except (AttributeError, OSError, ValueError):  # another system, or another C library
        return False
    return name == "glibc" and _as_numbers(version) >= _SINCE and "[never]" not in modes


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
