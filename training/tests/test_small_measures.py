import numpy as np

from measure_between import chroma, gradient
from measure_ranking import z_scores


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
