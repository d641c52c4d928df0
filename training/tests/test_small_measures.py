import random

import numpy as np
from test_face_sentences import read

from measure_between import chroma, gradient
from measure_contrary import contraries_of
from measure_ranking import z_scores
from measure_typed_faces import told


def test_z_scores_compare_within_a_row():
    scores = z_scores(np.array([[1.0, 2.0, 3.0], [10.0, 10.0, 10.0]]))
    assert np.allclose(scores[0], [-1.2247449, 0, 1.2247449]) and np.all(scores[1] == 0)


def test_gradient_is_levels_from_pixel_to_pixel():
    stripes = np.zeros((1, 8, 8, 3), np.uint8)
    stripes[:, :, ::2] = 100
    assert np.allclose(gradient(stripes), 50)  # 100 across, 0 down
    assert np.allclose(gradient(stripes * 0), 0)


def test_chroma_is_none_for_grey_and_that_of_red_for_red():
    pictures = np.zeros((2, 4, 4, 3), np.uint8)
    pictures[0] = 128
    pictures[1] = (255, 0, 0)
    grey, red = chroma(pictures)
    assert grey < 0.1 and abs(red - 104.55) < 0.5


def test_a_contrary_caption_is_known_to_be_a_swap_or_another_colour():
    captions = ["a yellow flower, with a red center", "a large flower", "a white flower"] * 30
    rows, others, swapped = contraries_of(captions, 1)
    assert not any(captions[row] == "a large flower" for row in rows), "nothing is contrary to it"
    for row, other, swap in zip(rows, others, swapped, strict=True):
        assert other != captions[row]
        assert swap == (other == "a red flower, with a yellow center")
    assert swapped.any() and not swapped.all()


def test_what_is_typed_claims_what_is_written():
    faces = [frozenset({"Male", "Young", "Eyeglasses", "No_Beard"}), frozenset({"Smiling", "Blond_Hair"})]
    written, typed = told(faces, 60, random.Random(2))
    assert len(written) == len(typed) == 60
    for one, other in zip(written, typed, strict=True):
        assert one.claims == other.claims and one.text != other.text
        assert all(one.claims.get(name, there) == there for name, there in read(one.text))
        assert "Male" in one.claims
