"""Where the colour is, and where the flower: on pictures that leave no doubt."""

import numpy as np
import pytest

from measure_mirrorgan import COLOURS, box_of, named_by

LEAF, DIM = (60, 100, 50), 32


def flower(word: str, centre: str) -> np.ndarray:
    """A disc of one colour with a small one of another, on green."""
    rows, columns = np.mgrid[:DIM, :DIM] - DIM / 2 + 0.5
    away = np.hypot(rows, columns)
    picture = np.full((DIM, DIM, 3), LEAF, np.uint8)
    picture[away < 10] = COLOURS[word][0]
    picture[away < 3] = COLOURS[centre][0]
    return picture


@pytest.mark.parametrize(("word", "centre"), [("white", "yellow"), ("pink", "red"), ("purple", "white")])
def test_a_colour_is_found_where_it_is(word: str, centre: str):
    picture = flower(word, centre)
    middle = named_by(picture[None], centre)[0]
    petals = named_by(picture[None], word)[0]
    assert middle.sum() == 32 and middle[DIM // 2, DIM // 2]
    assert petals.sum() > 250 and not (petals & middle).any() and not petals[0].any()


def test_two_names_of_one_colour_agree():
    picture = flower("purple", "white")[None]
    assert np.array_equal(named_by(picture, "purple"), named_by(picture, "violet"))


def test_the_box_is_around_the_flower():
    box = box_of(flower("red", "yellow"))
    rows, columns = np.nonzero(box)
    assert 6 <= rows.min() <= 10 and 21 <= rows.max() <= 25
    assert 6 <= columns.min() <= 10 and 21 <= columns.max() <= 25
    assert not box_of(np.full((DIM, DIM, 3), LEAF, np.uint8)).any()
