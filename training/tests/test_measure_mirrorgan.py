"""Where the colour is, and where the flower: on pictures that leave no doubt."""

from pathlib import Path

import numpy as np
import pytest
import torch

from checkpoint import fingerprint, load_weights, save_weights
from measure_mirrorgan import COLOURS, box_of, named_by, refuse_own_teacher

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


def test_the_captioner_that_trained_does_not_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    teacher, other = tmp_path / "teacher.safetensors", tmp_path / "other.safetensors"
    for path, value in ((teacher, 0.1), (other, 0.2)):
        save_weights(path, {"out.weight": torch.full((2, 2), value)}, {}, torch.float16)
    landed = {"architecture": "mirror-gan", "captioner": fingerprint(load_weights(teacher)[0])}
    with pytest.raises(SystemExit, match="trained against"):
        refuse_own_teacher(landed, teacher)
    refuse_own_teacher(landed, other)
    refuse_own_teacher({"architecture": "gan-int-cls"}, teacher)
    assert capsys.readouterr().out == ""
    # Weights that landed before the field was there.
    refuse_own_teacher({"architecture": "mirror-gan"}, teacher)
    assert "do not say" in capsys.readouterr().out
