"""The command line's edge: every failure becomes words on stderr and an exit code; no traceback unless asked for.

Exit codes: 0 fine, 1 regrade's own error or an unexpected one, 2 usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from regrade.errors import RegradeError

FAILED = 1
INTERRUPTED = 130


def guard(command: Callable[[], object]) -> int:
    """Run a command and return its exit code.

    Args:
        command: What to run; a `SystemExit` that it raises keeps its code (usage errors come that way, as 2).
    """
    try:
        command()
    except RegradeError as error:
        return _report(error.message, error.remedy)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("REGRADE_DEBUG"):
            raise
        what = f"unexpected {type(error).__name__}: {error}".splitlines()[0]
        return _report(what, "Run the same command with REGRADE_DEBUG=1 to see the traceback.")
    return 0


def _report(message: str, remedy: str) -> int:
    sys.stderr.write("".join(f"{line}\n" for line in (f"error: {message}", remedy) if line))
    return FAILED
