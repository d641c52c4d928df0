"""Inverting the generator: from a picture to the z that it is painted from (Reed et al. 2016, section 4.4, by an
encoder; from there by descent, as Zhu et al. 2016, 'Generative visual manipulation on the natural image manifold').
Pure functions; src/learn/inversion.ts does the same in the browser."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from losses import relative_distance
from models.projected_critic import look
from models.style_encoder import onto_shell


@dataclass(frozen=True)
class Likeness:
    """What 'alike' means. edges: of the pyramid of pictures; feature: weight of the frozen network's distance (0: the
    pyramid alone), seen at `look` pixels through `taps`."""

    edges: tuple[int, ...] = (64, 32, 16)
    feature: float = 0.0
    taps: tuple[str, ...] = ("fire2", "fire4")
    look: int = 80


def pyramid_distance(a: Tensor, b: Tensor, edges: tuple[int, ...]) -> Tensor:
    """a, b [B,3,S,S] in [-1,1] → [B]: mean squared difference of the pictures averaged down to every edge, summed.
    The coarse ones give a gradient where fine patterns do not overlap yet."""
    total = torch.zeros(len(a), device=a.device)
    for edge in edges:
        small, like = (F.avg_pool2d(x, x.shape[2] // edge) for x in (a, b))
        total = total + (small - like).square().mean((1, 2, 3))
    return total


def distance_to(pictures: Tensor, like: Likeness, frozen: nn.Module | None = None) -> Callable[[Tensor, slice], Tensor]:
    """→ distance(painted [n,3,S,S], rows): [n], of painted pictures from pictures[rows]"""
    wanted = None
    if like.feature:
        assert frozen is not None, "features need a network that sees them"
        with torch.no_grad():
            wanted = look(frozen, pictures, like.taps, like.look)

    def distance(painted: Tensor, rows: slice = slice(None)) -> Tensor:
        apart = pyramid_distance(painted, pictures[rows], like.edges)
        if wanted is None:
            return apart
        seen = look(frozen, painted, like.taps, like.look)
        own = {tap: values[rows] for tap, values in wanted.items()}
        return apart + like.feature * relative_distance(seen, own, like.taps)

    return distance


def invert(
    generator: nn.Module,
    sentences: Tensor,
    start: Tensor,
    distance: Callable[[Tensor], Tensor],
    steps: int,
    rate: float = 0.05,
    hold: float = 0.0,
) -> Tensor:
    """sentences [B,D], start [B,Z] → z [B,Z] after `steps` steps of Adam, whose rate falls to 0 as a cosine. Every z is
    pulled back to norm √Z after each step, and so never leaves the shell where the prior lies. Rows do not see each
    other: the losses are summed and Adam works by the element.

    hold: weight of 1 − cos(z, start). The picture alone is fitted with whatever helps under this caption; held back, z
    keeps more of what holds under others."""
    z = onto_shell(start.detach().clone()).requires_grad_()
    begun = z.detach().clone()
    optimiser = torch.optim.Adam([z], rate)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
        loss = distance(generator(z, sentences)) + hold * (1 - F.cosine_similarity(z, begun))
        (z.grad,) = torch.autograd.grad(loss.sum(), z)
        optimiser.step()
        with torch.no_grad():
            z.copy_(onto_shell(z))
    return z.detach()


def best_start(
    generator: nn.Module, sentences: Tensor, starts: Tensor, distance: Callable[[Tensor], Tensor], steps: int = 20
) -> Tensor:
    """starts [K,B,Z], each tried for `steps` steps → the nearest for every picture [B,Z]"""
    tried = torch.stack([invert(generator, sentences, start, distance, steps) for start in starts])
    with torch.no_grad():
        apart = torch.stack([distance(generator(z, sentences)) for z in tried])  # [K,B]
    return tried[apart.argmin(0), torch.arange(tried.shape[1])]
