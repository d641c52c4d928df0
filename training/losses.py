"""Losses of GAN-INT-CLS over several maps of logits, each [B,n]; every head weighs the same."""

import torch
import torch.nn.functional as F
from torch import Tensor

from models.t2f import Critic

# Taps that see what a picture is of; the shallower ones tell every two pictures apart by their noise.
DEEP = ("fire4", "fire8", "fire9")


def _mean(maps: list[Tensor], weight: Tensor | None = None) -> Tensor:
    """Mean over heads of the mean over places of the (weighted) mean over the batch."""
    per_picture = torch.stack([m.mean(1) for m in maps]).mean(0)  # [B]
    if weight is None:
        return per_picture.mean()
    return (per_picture * weight).sum() / weight.sum().clamp(min=1)


def hinge_real(maps: list[Tensor], weight: Tensor | None = None) -> Tensor:
    return _mean([F.relu(1 - m) for m in maps], weight)


def hinge_fake(maps: list[Tensor], weight: Tensor | None = None) -> Tensor:
    return _mean([F.relu(1 + m) for m in maps], weight)


def hinge_generator(maps: list[Tensor], weight: Tensor | None = None) -> Tensor:
    return -_mean(maps, weight)


def interpolate_sentences(a: Tensor, b: Tensor, beta: Tensor) -> Tensor:
    """GAN-INT (Reed et al. 2016, equation 5): β·a + (1−β)·b for a, b [B,D], β [B,1]; the norm, which the mean of
    two independent vectors loses, is brought back to the mixture of the two norms."""
    mixed = beta * a + (1 - beta) * b
    norm = beta * a.norm(dim=1, keepdim=True) + (1 - beta) * b.norm(dim=1, keepdim=True)
    return mixed * norm / mixed.norm(dim=1, keepdim=True).clamp(min=1e-6)


def relative_distance(a: dict[str, Tensor], b: dict[str, Tensor], taps: tuple[str, ...]) -> Tensor:
    """Mean absolute difference of features over their mean absolute value, averaged over taps → [B]; about 1.08
    between two photographs of a class."""
    parts = []
    for tap in taps:
        x, y = a[tap].float(), b[tap].float()
        scale = (x.abs() + y.abs()).mean((1, 2, 3)) / 2
        parts.append((x - y).abs().mean((1, 2, 3)) / scale.clamp(min=1e-6))
    return torch.stack(parts).mean(0)


def apart_in_pairs(features: dict[str, Tensor], pairs: int) -> Tensor:
    """Of features [B,C,H,W] (by tap, DEEP among them) of a batch whose last `pairs` pictures repeat the first ones'
    sentences with another z: how far two are apart, a mean of `relative_distance`. Mode-seeking (Mao et al. 2019) asks
    that it be not too little."""
    kept = {k: keep_layout(features[k]) for k in DEEP}
    first, second = ({k: kept[k][rows] for k in DEEP} for rows in (slice(pairs), slice(-pairs, None)))
    return relative_distance(first, second, DEEP).mean()


def keep_layout(x: Tensor) -> Tensor:
    """x [B,C,H,W] in channels_last; so is its gradient from here. That of a slice is not by itself, and every layer
    below would then work on two layouts at once."""
    if not x.requires_grad:
        return x
    x = x.view_as(x)
    x.register_hook(lambda gradient: gradient.contiguous(memory_format=torch.channels_last))
    return x


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Of N(μ, σ²) from N(0, I), each [B,D], as conditioning augmentation asks (Zhang et al. 2017, equation 2): the mean
    over batch and dimensions."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def steepness(critic: Critic, pictures: Tensor, sentences: Tensor, alpha: float) -> Tensor:
    """R1 (Mescheder et al. 2018): the mean squared gradient of the judgement of real pictures"""
    pictures = pictures.detach().requires_grad_()
    trunk = critic.trunk(pictures, alpha)
    judged = critic.realism(trunk)[0].sum() + critic.match(trunk, sentences)[0].sum()
    (gradient,) = torch.autograd.grad(judged, pictures, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean()
