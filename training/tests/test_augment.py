import pytest
import torch

from augment import crop_and_flip, diff_augment


def seeded(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def pictures():
    return torch.rand(64, 3, 32, 32, generator=seeded(9)) * 2 - 1


def test_nothing_asked_nothing_done(pictures):
    assert torch.allclose(diff_augment(pictures, seeded(), shift=0, light=0), pictures, atol=1e-6)


def test_a_shift_moves_whole_pictures_and_lets_grey_in(pictures):
    moved = diff_augment(pictures, seeded(), shift=0.125, light=0)
    found = set()
    for before, after in zip(pictures, moved, strict=True):
        fits = [
            (dy, dx)
            for dy in range(-4, 5)
            for dx in range(-4, 5)
            if torch.allclose(
                after[:, max(dy, 0) : 32 + min(dy, 0), max(dx, 0) : 32 + min(dx, 0)],
                before[:, max(-dy, 0) : 32 + min(-dy, 0), max(-dx, 0) : 32 + min(-dx, 0)],
                atol=1e-5,
            )
        ]
        assert len(fits) == 1
        dy, dx = fits[0]
        edge = after[:, :dy] if dy > 0 else after[:, 32 + dy :]
        assert (edge == 0).all()
        found.add(fits[0])
    assert len(found) > 30, "every picture moves its own way"


def test_hue_stays(pictures):
    # Brightness adds the same to R, G and B, contrast scales them alike: ratios of their differences stand still.
    lit = diff_augment(pictures, seeded(), shift=0, light=0.1)
    before = (pictures[:, 0] - pictures[:, 1]).flatten(1)
    after = (lit[:, 0] - lit[:, 1]).flatten(1)
    scale = (after / before).median(1, keepdim=True).values
    assert torch.allclose(after, before * scale, atol=1e-5)
    assert 0.8 <= scale.min() < scale.max() <= 1.2


def test_pairs_are_treated_alike(pictures):
    tied = torch.cat([pictures[:48], pictures[:16]])
    out = diff_augment(tied, seeded(), pairs=16)
    assert torch.equal(out[48:], out[:16])
    assert not torch.equal(out[16:32], diff_augment(tied, seeded(2), pairs=16)[16:32])


def test_a_gradient_passes_unharmed(pictures):
    pictures.requires_grad_(True)
    diff_augment(pictures, seeded(), light=0).sum().backward()
    assert set(pictures.grad.unique().tolist()) == {0.0, 1.0}


def test_crop_and_flip_cuts_from_the_picture():
    # Every pixel says where it comes from.
    rows, columns = torch.meshgrid(torch.arange(12), torch.arange(12), indexing="ij")
    pictures = torch.stack([rows, columns, rows * 0], -1).to(torch.uint8).expand(200, -1, -1, -1)
    crops = crop_and_flip(pictures, 8, seeded())
    assert crops.shape == (200, 3, 8, 8)
    places = ((crops + 1) * 127.5).round()
    flipped = places[:, 1, 0, 0] > places[:, 1, 0, 1]
    assert 70 < flipped.sum() < 130
    assert (places[:, 0].diff(dim=1) == 1).all()
    assert (places[:, 1].diff(dim=2) == torch.where(flipped, -1, 1)[:, None, None]).all()
    assert set(places[:, 0, 0, 0].tolist()) == {0, 1, 2, 3, 4}, "every place, the last one too"
