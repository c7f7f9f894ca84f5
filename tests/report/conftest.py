"""The real browser that the pages' tests use."""

from tests.web.conftest import chromium

__all__ = ["chromium"]
