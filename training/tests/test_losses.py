import pytest
import torch

from losses import (
    DEEP,
    apart_in_pairs,
    hinge_fake,
    hinge_generator,
    hinge_real,
    interpolate_sentences,
    relative_distance,
)


def test_hinge_by_hand():
    maps = [torch.tensor([[2.0, 0.0], [-1.0, 1.0]]), torch.tensor([[0.5], [3.0]])]
    # first head: (0 + 1 + 2 + 0) / 4; second: (0.5 + 0) / 2
    assert hinge_real(maps).item() == pytest.approx((0.75 + 0.25) / 2)
    # first head: (3 + 1 + 0 + 2) / 4; second: (1.5 + 4) / 2
    assert hinge_fake(maps).item() == pytest.approx((1.5 + 2.75) / 2)
    assert hinge_generator(maps).item() == pytest.approx(-(0.5 + 1.75) / 2)


def test_every_head_weighs_the_same_whatever_its_size():
    small, large = torch.full((2, 1), -3.0), torch.full((2, 100), 1.0)
    assert hinge_real([small, large]).item() == pytest.approx(2.0)


def test_a_weight_of_zero_takes_a_picture_out():
    maps = [torch.tensor([[5.0], [0.0]])]
    assert hinge_fake(maps, torch.tensor([0.0, 1.0])).item() == pytest.approx(1.0)
    assert hinge_fake(maps, torch.tensor([0.0, 0.0])).item() == 0


def test_the_signs_pull_the_right_way():
    real, fake = torch.zeros(3, 2, requires_grad=True), torch.zeros(3, 2, requires_grad=True)
    (hinge_real([real]) + hinge_fake([fake])).backward()
    assert (real.grad < 0).all() and (fake.grad > 0).all(), "the critic raises real, lowers fake"
    painted = torch.zeros(3, 2, requires_grad=True)
    hinge_generator([painted]).backward()
    assert (painted.grad < 0).all()


def test_interpolated_sentences_keep_their_length():
    generator = torch.Generator().manual_seed(1)
    a, b = torch.randn(2, 50, 256, generator=generator)
    half = torch.full((50, 1), 0.5)
    mixed = interpolate_sentences(a, b, half)
    assert torch.allclose(mixed.norm(dim=1), (a.norm(dim=1) + b.norm(dim=1)) / 2)
    assert torch.allclose(interpolate_sentences(a, b, torch.ones(50, 1)), a, atol=1e-5)
    assert torch.allclose(interpolate_sentences(a, b, torch.zeros(50, 1)), b, atol=1e-5)
    assert interpolate_sentences(a, -a, half).isfinite().all()


def test_relative_distance_by_hand_and_without_a_scale():
    a, b = {"t": torch.tensor([[[[1.0, 3.0]]]])}, {"t": torch.tensor([[[[3.0, 1.0]]]])}
    assert relative_distance(a, b, ("t",)).tolist() == pytest.approx([1.0])
    assert relative_distance(a, a, ("t",)).tolist() == [0]
    louder = {"t": 10 * a["t"]}, {"t": 10 * b["t"]}
    assert relative_distance(*louder, ("t",)).tolist() == pytest.approx([1.0])


def test_a_pairs_gradient_keeps_the_layout_of_what_it_is_of():
    maps = {k: torch.rand(6, 4, 3, 3).contiguous(memory_format=torch.channels_last).requires_grad_() for k in DEEP}
    # What comes to the layer below, not what a leaf keeps of it.
    below = {k: x * 1 for k, x in maps.items()}
    found = {}
    for k, x in below.items():
        x.register_hook(lambda gradient, k=k: found.update({k: gradient}))
    apart = apart_in_pairs(below, 2)
    apart.backward()
    first, last = ({k: x.detach()[rows] for k, x in maps.items()} for rows in (slice(2), slice(4, 6)))
    assert apart.item() == pytest.approx(relative_distance(first, last, DEEP).mean().item())
    for gradient in found.values():
        assert gradient.is_contiguous(memory_format=torch.channels_last)
        assert gradient[2:4].abs().sum() == 0 and gradient[:2].abs().sum() > 0 and gradient[4:].abs().sum() > 0
    assert set(found) == set(DEEP)
