"""`python -m regrade` is the command line."""

from __future__ import annotations

from regrade.cli.main import run

if __name__ == "__main__":
    run()
