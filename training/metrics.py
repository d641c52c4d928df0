"""Figures of a set of pictures, as pure functions of features; every random choice hangs on a generator handed in."""

import numpy as np

Array = np.ndarray


def principal_components(reference: Array, components: int) -> tuple[Array, Array]:
    """reference [N,F] → (mean [F], axes [F,components]), the directions in which it varies most"""
    mean = reference.mean(0)
    values, vectors = np.linalg.eigh(np.cov(reference, rowvar=False))
    return mean, vectors[:, np.argsort(values)[::-1][:components]]


def project(features: Array, basis: tuple[Array, Array]) -> Array:
    """[N,F] → [N,components]"""
    mean, axes = basis
    return (features - mean) @ axes


def root_of(covariance: Array) -> Array:
    """The symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T


def frechet_distance(x: Array, y: Array) -> float:
    """x [N,D], y [M,D] → |μx−μy|² + tr(Σx + Σy − 2(Σx Σy)^½) (Heusel et al. 2017). Biased upwards, more so the fewer
    rows there are: compare only sets of one size."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    covariance_x, covariance_y = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    # tr (Σx Σy)^½ = tr (Σx^½ Σy Σx^½)^½, and that one is symmetric.
    root = root_of(covariance_x)
    cross = np.sqrt(np.linalg.eigvalsh(root @ covariance_y @ root).clip(min=0)).sum()
    apart = ((x.mean(0) - y.mean(0)) ** 2).sum()
    return float(apart + np.trace(covariance_x) + np.trace(covariance_y) - 2 * cross)


def kernel_distance(x: Array, y: Array) -> float:
    """x [N,D], y [M,D] → unbiased squared MMD with the kernel (x·y/D + 1)³ (Bińkowski et al. 2018)."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    n, m, d = len(x), len(y), x.shape[1]
    xx, yy, xy = ((a @ b.T / d + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    within_x = (xx.sum() - np.trace(xx)) / (n * (n - 1))
    within_y = (yy.sum() - np.trace(yy)) / (m * (m - 1))
    return float(within_x + within_y - 2 * xy.mean())


def kernel_distance_over_subsets(
    x: Array, y: Array, random: np.random.Generator, subsets: int = 100, size: int = 150
) -> tuple[float, float]:
    """→ (mean, standard deviation) of `kernel_distance` over subsets drawn without replacement"""
    size = min(size, len(x), len(y))
    found = [
        kernel_distance(x[random.choice(len(x), size, replace=False)], y[random.choice(len(y), size, replace=False)])
        for _ in range(subsets)
    ]
    return float(np.mean(found)), float(np.std(found))


def r_precision(
    pictures: Array,
    captions: Array,
    owners: Array,
    others: Array,
    others_owners: Array,
    random: np.random.Generator,
    among: int = 100,
    folds: int = 10,
) -> tuple[float, float]:
    """How often a picture is nearer to its own caption than to among − 1 captions of other photographs (Xu et al.
    2018, 1 of 100). pictures, captions [N,E] unit rows that belong together; others [M,E] the captions to draw from;
    owners [N], others_owners [M] say whose photograph each caption is of. Fewer are drawn where there are fewer.
    → (mean, standard deviation over folds)"""
    own = (pictures * captions).sum(1)
    against = pictures @ others.T  # [N,M]
    foreign = owners[:, None] != others_owners[None]
    among = min(among, int(foreign.sum(1).min()) + 1)
    shares = []
    for _ in range(folds):
        # The among − 1 smallest of random keys are a draw without replacement; an own caption is never drawn.
        keys = np.where(foreign, random.random(foreign.shape, dtype=np.float32), 2)
        drawn = np.argpartition(keys, among - 2, axis=1)[:, : among - 1]
        shares.append(float((np.take_along_axis(against, drawn, 1).max(1) < own).mean()))
    return float(np.mean(shares)), float(np.std(shares))


def distances(x: Array, y: Array) -> Array:
    """x [N,D], y [M,D] → Euclidean [N,M]"""
    squared = (x**2).sum(1)[:, None] + (y**2).sum(1)[None] - 2 * x @ y.T
    return np.sqrt(squared.clip(min=0))


def pairwise_within(features: Array, groups: Array) -> float:
    """Mean over groups of the mean distance between two of a group; groups of one say nothing. NaN where all are."""
    means = []
    for group in np.unique(groups):
        rows = features[groups == group].astype(np.float64)
        if len(rows) > 1:
            means.append(distances(rows, rows)[np.triu_indices(len(rows), 1)].mean())
    return float(np.mean(means)) if means else float("nan")


def pairwise_across(features: Array, groups: Array) -> float:
    """Mean distance between two of different groups."""
    apart = distances(features.astype(np.float64), features.astype(np.float64))
    return float(apart[groups[:, None] != groups[None]].mean())


def nearest(x: Array, y: Array) -> Array:
    """[N]: from every row of x to the nearest row of y"""
    return distances(x.astype(np.float64), y.astype(np.float64)).min(1)
