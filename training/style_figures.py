"""Figures of a style encoder, and of inversion from it, as functions of a generator and photographs."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data
from backgrounds import borders, calm, cosines, k_means, same_group_auc
from inversion import Likeness, best_start, distance_to, invert
from losses import interpolate_sentences, relative_distance
from models.projected_critic import look
from models.style_encoder import StyleEncoder
from painted import to_bytes

# Deeper than what inversion may look through, so that it is not measured by what it was made to lower.
JUDGED, LOOK, BATCH = ("fire4", "fire8", "fire9"), 80, 64
GROUPS, FINER = 10, 50


def middle(pictures: np.ndarray, size: int) -> np.ndarray:
    """[N,P,P,3] → [N,size,size,3]"""
    margin = (pictures.shape[1] - size) // 2
    return np.ascontiguousarray(pictures[:, margin : margin + size, margin : margin + size])


def to_tensor(pictures: np.ndarray) -> Tensor:
    """[N,S,S,3] uint8 → [N,3,S,S] in [-1,1]"""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


@dataclass(frozen=True)
class Bench:
    """What everything is measured on: photographs [N,3,S,S] with a caption's sentence each [N,D], the rows whose
    border is calm, and the frozen network that judges."""

    generator: nn.Module
    frozen: nn.Module
    photographs: Tensor
    sentences: Tensor
    rows: np.ndarray
    groups: dict[int, np.ndarray]
    colours: np.ndarray

    @property
    def pairs(self) -> tuple[Tensor, Tensor]:
        return self.photographs[self.rows], self.sentences[self.rows]


def lay_out(generator: nn.Module, frozen: nn.Module, val: data.Captioned, sentences: Tensor, count: int) -> Bench:
    """count: of the calm photographs, how many are used; 0 is all of them."""
    pictures = middle(val.pictures, generator.config.size)
    rows, colours = calm(pictures)
    # Evenly through the classes, which stand in order.
    some = np.unique(np.linspace(0, len(rows) - 1, count or len(rows)).round().astype(int))
    groups = {k: k_means(colours, k, np.random.default_rng(0))[some] for k in (GROUPS, FINER)}
    return Bench(generator, frozen, to_tensor(pictures), sentences, rows[some], groups, colours[some])


@torch.no_grad()
def paint(generator: nn.Module, z: Tensor, sentences: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return torch.cat([generator(a, b) for a, b in zip(z.split(BATCH), sentences.split(BATCH), strict=True)])


@torch.no_grad()
def feature_distance(frozen: nn.Module, a: Tensor, b: Tensor) -> float:
    """Relative distance of deep features; about 1.08 between two photographs of a class."""
    parts = [
        relative_distance(look(frozen, x, JUDGED, LOOK), look(frozen, y, JUDGED, LOOK), JUDGED)
        for x, y in zip(a.split(BATCH), b.split(BATCH), strict=True)
    ]
    return float(torch.cat(parts).mean())


def pixel_distance(a: Tensor, b: Tensor) -> float:
    """Mean over pictures of the root mean squared difference, of 255"""
    return float((a - b).square().mean((1, 2, 3)).sqrt().mean()) * 127.5


def styles_by_encoder(encoder: StyleEncoder, pictures: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([encoder(part) for part in pictures.split(BATCH)])


@dataclass(frozen=True)
class Way:
    """A way of inverting: what is alike, for how many steps, how strongly z is held to where it began, and how many
    random starts S(x) has to beat."""

    like: Likeness
    steps: int
    hold: float = 0.0
    restarts: int = 0


def styles_by_inversion(bench: Bench, start: Tensor, way: Way, seed: int) -> Tensor:
    """Of the calm photographs, from `start` [M,Z] or what beats it"""
    random = torch.Generator().manual_seed(seed)
    found = []
    pictures, sentences = bench.pairs
    for x, t, z in zip(pictures.split(BATCH), sentences.split(BATCH), start.split(BATCH), strict=True):
        distance = distance_to(x, way.like, bench.frozen)
        with torch.autocast("cpu", torch.bfloat16):
            if way.restarts:
                starts = torch.cat([z[None], torch.randn(way.restarts, *z.shape, generator=random)])
                z = best_start(bench.generator, t, starts, distance)
            found.append(invert(bench.generator, t, z, distance, way.steps, hold=way.hold))
    return torch.cat(found)


def verify(bench: Bench, z: Tensor) -> dict[int, float]:
    """Number of groups → AUC of pairs of one background against pairs of two"""
    alike = cosines(z.numpy())
    return {k: same_group_auc(alike, groups) for k, groups in bench.groups.items()}


def best_possible(bench: Bench) -> dict[int, float]:
    """The same by the border's very colour: groups touch each other, so even that is not 1."""
    apart = np.linalg.norm(bench.colours[:, None] - bench.colours[None], axis=2)
    return {k: same_group_auc(-apart, groups) for k, groups in bench.groups.items()}


def reconstruction(bench: Bench, z: Tensor) -> tuple[float, float]:
    """→ (pixel, feature distance) from the calm photographs to what is painted from z and their captions"""
    pictures, sentences = bench.pairs
    painted = paint(bench.generator, z, sentences)
    return pixel_distance(painted, pictures), feature_distance(bench.frozen, painted, pictures)


def border_distance(bench: Bench, pictures: np.ndarray) -> float:
    """pictures [M,S,S,3] uint8 → median distance in Lab of their borders from the photographs'"""
    return float(np.median(np.linalg.norm(borders(pictures)[0] - bench.colours, axis=1)))


def carried(bench: Bench, z: Tensor) -> float:
    """The same of what is painted from z and the caption of another photograph: what a person sees of a style that was
    taken over."""
    sentences = bench.pairs[1]
    return border_distance(bench, to_bytes(paint(bench.generator, z, sentences.roll(len(z) // 3 + 1, 0))))


def recovery(bench: Bench, encoder: StyleEncoder, count: int, seed: int) -> float:
    """Mean cosine between z and S(G(z,t))"""
    z = torch.randn(count, encoder.config.z, generator=torch.Generator().manual_seed(seed))
    sentences = bench.sentences[torch.arange(count) % len(bench.sentences)]
    found = styles_by_encoder(encoder, paint(bench.generator, z, sentences))
    return float(F.cosine_similarity(found, z).mean())


def slerp(a: Tensor, b: Tensor, share: Tensor) -> Tensor:
    """a, b [Z], share [K,1] → [K,Z] along the arc between them"""
    angle = torch.arccos(F.cosine_similarity(a, b, dim=0).clamp(-1, 1))
    return (torch.sin((1 - share) * angle) * a + torch.sin(share * angle) * b) / torch.sin(angle)


def smoothness(bench: Bench, steps: int, pairs: int, seed: int) -> dict[str, tuple[float, float]]:
    """Axis → (mean, worst over pairs) of the largest change between neighbours over the mean change, in pixels, over
    `steps` steps from one caption to another at one z, and from one z to another at one caption."""
    random = torch.Generator().manual_seed(seed)
    share = torch.linspace(0, 1, steps + 1)[:, None]
    ratios: dict[str, list[float]] = {"text": [], "style": []}
    rows = torch.linspace(0, len(bench.sentences) - 1, 2 * pairs).long()
    for i, j in zip(rows[:pairs].tolist(), rows[pairs:].tolist(), strict=True):
        z, other = torch.randn(2, bench.generator.config.z, generator=random)
        a, b = bench.sentences[[i, j]]
        fixed_z, fixed_s = z.expand(steps + 1, -1), a.expand(steps + 1, -1)
        mixed = interpolate_sentences(b.expand(steps + 1, -1), fixed_s, share)
        for axis, painted in (
            ("text", paint(bench.generator, fixed_z, mixed)),
            ("style", paint(bench.generator, slerp(z, other, share), fixed_s)),
        ):
            changes = (painted[1:] - painted[:-1]).square().mean((1, 2, 3)).sqrt()
            ratios[axis].append(float(changes.max() / changes.mean()))
    return {axis: (float(np.mean(found)), float(np.max(found))) for axis, found in ratios.items()}
