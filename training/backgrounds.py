"""Does z know the background? The verification of Reed et al. 2016, section 5.4 and figure 5: photographs are grouped
by the colour of their background, and pairs of one group should have more alike styles than pairs of two.

The paper cut the flower out by hand-made segmentations. Here the background is the picture's border, `RING` pixels
wide, and only photographs with a calm border count, where that is so: the `CALM` share of them with the least spread
there. Both numbers were chosen before anything was measured."""

import numpy as np

Array = np.ndarray
RING, CALM = 4, 0.5


def to_lab(rgb: Array) -> Array:
    """[...,3] sRGB, 0–255 → CIE L*a*b* under D65: equal distances look about equally different"""
    c = rgb.astype(np.float64) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = linear @ to_xyz.T / to_xyz.sum(1)  # white is (1, 1, 1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def borders(pictures: Array, ring: int = RING) -> tuple[Array, Array]:
    """pictures [N,S,S,3] uint8 → (median colour of the border in Lab [N,3], median distance of its pixels from that
    [N])"""
    mask = np.ones(pictures.shape[1:3], bool)
    mask[ring:-ring, ring:-ring] = False
    lab = to_lab(pictures[:, mask])  # [N,P,3]
    colours = np.median(lab, 1)
    return colours, np.median(np.linalg.norm(lab - colours[:, None], axis=2), 1)


def k_means(points: Array, k: int, random: np.random.Generator, starts: int = 10, steps: int = 100) -> Array:
    """points [N,D] → labels [N], of the best of `starts` runs; each begins as k-means++ does (Arthur & Vassilvitskii
    2007)"""

    def apart(centres: Array) -> Array:
        return ((points[:, None] - centres[None]) ** 2).sum(2)  # [N,K]

    best, labels = np.inf, np.zeros(len(points), np.int64)
    for _ in range(starts):
        centres = points[[random.integers(len(points))]]
        for _ in range(k - 1):
            odds = apart(centres).min(1) + 1e-12  # more centres than different points: any will do
            centres = np.concatenate([centres, points[[random.choice(len(points), p=odds / odds.sum())]]])
        for _ in range(steps):
            nearest = apart(centres).argmin(1)
            # A centre that lost all its points stays where it is.
            moved = np.stack([points[nearest == i].mean(0) if (nearest == i).any() else centres[i] for i in range(k)])
            if np.allclose(moved, centres):
                break
            centres = moved
        cost = apart(centres).min(1).sum()
        if cost < best:
            best, labels = cost, apart(centres).argmin(1)
    return labels


def auc(positive: Array, negative: Array) -> float:
    """How often a positive scores above a negative; ties count half (Mann & Whitney 1947). NaN where there are none."""
    if not len(positive) or not len(negative):
        return float("nan")
    scores = np.concatenate([positive, negative])
    _, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (counts.cumsum() - (counts - 1) / 2)[where]  # from 1; ties share the mean of theirs
    wins = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(wins / (len(positive) * len(negative)))


def same_group_auc(alike: Array, groups: Array) -> float:
    """alike [N,N] symmetric scores, groups [N] → AUC of pairs of one group against pairs of two"""
    first, second = np.triu_indices(len(groups), 1)
    same = groups[first] == groups[second]
    scores = alike[first, second]
    return auc(scores[same], scores[~same])


def cosines(z: Array) -> Array:
    """[N,Z] → [N,N]"""
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    return unit @ unit.T


def calm(pictures: Array, share: float = CALM) -> tuple[Array, Array]:
    """pictures [N,S,S,3] → (rows with a calm border [M], in order; their border colours in Lab [M,3])"""
    colours, spread = borders(pictures)
    rows = np.sort(np.argsort(spread, kind="stable")[: max(2, round(share * len(pictures)))])
    return rows, colours[rows]
