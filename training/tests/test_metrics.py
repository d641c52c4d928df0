"""Answers that are known without the code."""

import numpy as np
import pytest

import metrics


@pytest.fixture
def random():
    return np.random.default_rng(1)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_frechet_distance_of_a_set_to_itself_is_zero(random):
    x = random.standard_normal((300, 8))
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-5)


def test_frechet_distance_of_a_shift_is_its_square(random):
    x = random.standard_normal((300, 4))
    assert metrics.frechet_distance(x, x + [3, 0, 4, 0]) == pytest.approx(25, abs=1e-5)


def test_frechet_distance_of_two_gaussians(random):
    # N(0, I) and N(1, diag(4, 9)): |μ|² + Σ(1 − σ)² = 2 + 1 + 4
    x, y = random.standard_normal((2, 200_000, 2))
    assert metrics.frechet_distance(x, y * [2, 3] + 1) == pytest.approx(7, rel=0.02)


def test_frechet_distance_sees_correlation_and_survives_fewer_rows_than_columns(random):
    x = random.standard_normal((2000, 2))
    turned = x @ np.array([[1, 0.9], [0, np.sqrt(1 - 0.81)]])
    assert metrics.frechet_distance(x, turned) > 0.2
    few = random.standard_normal((5, 20))
    assert metrics.frechet_distance(few, few) == pytest.approx(0, abs=1e-4)


def test_kernel_distance_is_zero_on_average_for_one_distribution(random):
    found = [metrics.kernel_distance(*random.standard_normal((2, 60, 5))) for _ in range(300)]
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found), "an unbiased estimate errs to both sides"


def test_kernel_distance_by_hand():
    # One dimension: k(a,b) = (ab + 1)³; x = {0, 0} gives 1, y = {1, 1} gives 8, across 1.
    x, y = np.zeros((2, 1)), np.ones((2, 1))
    assert metrics.kernel_distance(x, y) == pytest.approx(1 + 8 - 2)


def test_kernel_distance_over_subsets_grows_with_a_shift_and_repeats(random):
    x, y = random.standard_normal((2, 400, 6))
    near, deviation = metrics.kernel_distance_over_subsets(x, y, np.random.default_rng(2))
    far, _ = metrics.kernel_distance_over_subsets(x, y + 1, np.random.default_rng(2))
    assert abs(near) < 3 * deviation < far
    assert (near, deviation) == metrics.kernel_distance_over_subsets(x, y, np.random.default_rng(2))


def test_r_precision_of_perfect_random_and_wrong_embeddings(random):
    captions = unit(random.standard_normal((400, 32)))
    owners = np.arange(400)
    perfect, spread = metrics.r_precision(captions, captions, owners, captions, owners, random)
    assert (perfect, spread) == (1.0, 0.0)
    blind = unit(random.standard_normal((400, 32)))
    chance, _ = metrics.r_precision(blind, captions, owners, captions, owners, random, folds=50)
    assert 0.003 < chance < 0.02
    wrong, _ = metrics.r_precision(-captions, captions, owners, captions, owners, random)
    assert wrong == 0


def test_r_precision_draws_no_caption_of_the_same_photograph():
    # Two captions a photograph, and the second embeds better than the first: as a rival it would always win.
    pictures = np.eye(60)
    captions = unit(np.eye(60) + 0.01)
    others = np.concatenate([captions, pictures])
    owners = np.arange(60)
    found, _ = metrics.r_precision(
        pictures, captions, owners, others, np.tile(owners, 2), np.random.default_rng(1), among=50
    )
    assert found == 1


def test_a_tie_is_no_hit(random):
    same = unit(np.ones((120, 4)))
    assert metrics.r_precision(same, same, np.arange(120), same, np.arange(120), random)[0] == 0


def test_principal_components_keep_the_widest_directions(random):
    x = random.standard_normal((500, 3)) * [0.1, 5, 1] + 7
    projected = metrics.project(x, metrics.principal_components(x, 2))
    assert projected.std(0) == pytest.approx([5, 1], rel=0.1)
    assert projected.mean(0) == pytest.approx([0, 0], abs=1e-9)


def test_pairwise_and_nearest_by_hand():
    x = np.array([[0.0], [2], [10], [14], [99]])
    groups = np.array([1, 1, 2, 2, 3])
    assert metrics.pairwise_within(x, groups) == pytest.approx((2 + 4) / 2)
    assert metrics.pairwise_across(x[:4], groups[:4]) == pytest.approx((10 + 14 + 8 + 12) / 4)
    assert metrics.nearest(np.array([[3.0], [50]]), x).tolist() == [1, 36]
    assert np.isnan(metrics.pairwise_within(x[::2], groups[::2])), "groups of one say nothing"
