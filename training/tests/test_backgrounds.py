import numpy as np
import pytest

from backgrounds import auc, borders, calm, cosines, k_means, same_group_auc, to_lab


def test_lab_of_known_colours():
    rgb = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255], [119, 119, 119]])
    known = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86], [50.03, 0, 0]]
    assert to_lab(rgb) == pytest.approx(np.array(known), abs=0.02)


def test_auc_by_hand():
    assert auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1
    assert auc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0
    # Of six pairs four are won, one is a tie.
    assert auc(np.array([1.0, 3.0]), np.array([0.0, 1.0, 2.0])) == pytest.approx(4.5 / 6)
    assert auc(np.ones(5), np.ones(7)) == 0.5


def test_auc_counts_won_pairs():
    random = np.random.default_rng(1)
    positive, negative = random.integers(0, 6, 40).astype(float), random.integers(0, 5, 70).astype(float)
    won = (positive[:, None] > negative).mean() + 0.5 * (positive[:, None] == negative).mean()
    assert auc(positive, negative) == pytest.approx(won)


def test_groups_that_point_apart_are_told_apart():
    random = np.random.default_rng(2)
    groups = np.arange(30) % 3
    styles = np.eye(3)[groups] * 5 + random.standard_normal((30, 3)) * 0.1
    assert same_group_auc(cosines(styles), groups) == 1
    assert same_group_auc(cosines(100 * styles), groups) == 1, "the cosine knows no length"
    assert abs(same_group_auc(cosines(random.standard_normal((30, 50))), groups) - 0.5) < 0.15


def test_k_means_finds_clumps_and_is_the_same_every_time():
    random = np.random.default_rng(3)
    own = np.repeat(np.arange(4), 15)
    points = np.array([[0, 0, 0], [40, 0, 0], [0, 40, 0], [0, 0, 40.0]])[own] + random.standard_normal((60, 3))
    labels = k_means(points, 4, np.random.default_rng(0))
    assert np.array_equal(labels, k_means(points, 4, np.random.default_rng(0)))
    assert sorted(len(np.unique(labels[own == i])) for i in range(4)) == [1, 1, 1, 1]
    assert len(np.unique(labels)) == 4
    same = np.zeros((6, 3))
    assert len(k_means(same, 4, np.random.default_rng(0))) == 6, "fewer points than centres"


def test_the_border_is_what_lies_outside_and_calm_ones_come_first():
    random = np.random.default_rng(4)
    pictures = np.zeros((4, 16, 16, 3), np.uint8)
    pictures[:] = (30, 120, 40)
    pictures[:, 4:12, 4:12] = (250, 10, 10)
    pictures[1, 0, :3] = 255  # a petal that touches the border
    pictures[2] = random.integers(0, 255, (16, 16, 3))
    colours, spread = borders(pictures)
    green = to_lab(np.array([30, 120, 40]))
    assert colours[0] == pytest.approx(green) and colours[1] == pytest.approx(green), "a median does not mind a corner"
    assert spread[0] == 0 and spread[2] > 20
    rows, found = calm(pictures, 0.75)
    assert rows.tolist() == [0, 1, 3] and found == pytest.approx(np.tile(green, (3, 1)))
