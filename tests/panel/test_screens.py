# ruff: noqa: S311 - shuffles keep no secret
from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel.screens import compose_screens


@pytest.mark.parametrize(
    ("n_classes", "max_classes", "sizes"),
    [
        pytest.param(1, 6, [1], id="one"),
        pytest.param(6, 6, [6], id="full"),
        pytest.param(7, 6, [4, 3], id="even-not-6-and-1"),
        pytest.param(13, 6, [5, 4, 4], id="three-parts"),
        pytest.param(3, 1, [1, 1, 1], id="one-a-screen"),
    ],
)
def test_sizes_are_as_even_as_possible(n_classes: int, max_classes: int, sizes: list[int]) -> None:
    screens = compose_screens(range(n_classes), [], max_classes=max_classes, rng=random.Random(1))
    assert [len(screen) for screen in screens] == sizes


def test_a_class_both_asked_and_accepted_is_shown_once() -> None:
    screens = compose_screens([2, 5], [5, 8], max_classes=6, rng=random.Random(1))
    assert sorted(class_id for screen in screens for class_id in screen) == [2, 5, 8]


def test_nothing_asked_gives_no_screen_even_if_classes_are_accepted() -> None:
    assert compose_screens([], [1, 2], max_classes=6, rng=random.Random(1)) == ()


def test_the_order_comes_from_the_given_source_alone() -> None:
    # Asked and accepted change places, and so do the classes in each: what comes out must not tell.
    first = compose_screens([3, 1, 2], [9, 8, 7], max_classes=4, rng=random.Random(5))
    again = compose_screens([7, 8, 9], [2, 1, 3], max_classes=4, rng=random.Random(5))
    assert first == again


def test_asked_and_accepted_classes_stand_anywhere_alike() -> None:
    # 3,000 screens of one asked and three accepted classes: the asked one stands in each of the 4 places about 750
    # times, standard deviation sqrt(3000 * 1/4 * 3/4) = 24; 5 of them are 120.
    rng = random.Random(7)
    places = Counter(compose_screens([5], [1, 6, 9], max_classes=6, rng=rng)[0].index(5) for _ in range(3_000))
    assert all(abs(places[place] - 750) < 120 for place in range(4))


@given(
    asked=st.lists(st.integers(0, 30), max_size=20),
    accepted=st.lists(st.integers(0, 30), max_size=20),
    max_classes=st.integers(1, 8),
    seed=st.integers(0, 1_000),
)
def test_every_class_once_and_no_screen_too_large(
    asked: list[int], accepted: list[int], max_classes: int, seed: int
) -> None:
    screens = compose_screens(asked, accepted, max_classes=max_classes, rng=random.Random(seed))
    shown = [class_id for screen in screens for class_id in screen]
    assert sorted(shown) == (sorted({*asked, *accepted}) if asked else [])
    sizes = [len(screen) for screen in screens]
    assert max(sizes, default=0) <= max_classes
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
