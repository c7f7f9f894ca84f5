"""Images in memory: as many as there is room for."""

from __future__ import annotations

from regrade.workflow.kept_images import KeptImages, RenderedImage


def image(n_bytes: int) -> RenderedImage:
    return RenderedImage(bytes(n_bytes), "image/png", 1, 1, etag="")


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept = KeptImages(max_bytes=10)
    for token in "abc":
        kept.keep(token, image(3))
    assert kept.find("a") == image(3)
    kept.keep("d", image(3))  # 12 bytes are too many: `b` was asked for the longest ago
    assert [token for token in "abcd" if kept.find(token)] == ["a", "c", "d"]
    kept.keep("e", image(10))
    assert [token for token in "abcde" if kept.find(token)] == ["e"]


def test_what_is_too_large_is_not_kept_and_takes_nobody_s_place() -> None:
    kept = KeptImages(max_bytes=10)
    kept.keep("a", image(4))
    kept.keep("b", image(11))
    assert [token for token in "ab" if kept.find(token)] == ["a"]
