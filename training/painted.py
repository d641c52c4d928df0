"""Pictures to measure: painted here from landed weights, or read as the engine's command line left them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from checkpoint import load_weights, prefixed
from models import dcgan, gan_int_cls, glam, t2f
from sentences import embed_captions
from word_feed import say

SIZE = 64
# Diversity of landed weights: that many captions of val, that often each.
CAPTIONS, REPEATS = 48, 8


@dataclass(frozen=True)
class Painted:
    """pictures [N,64,64,3] uint8; captions[i] is what pictures[i] was painted from; groups [N]: equal where only z
    differs; owners [N]: the photograph that the caption is of, where that is known."""

    pictures: np.ndarray
    captions: list[str]
    groups: np.ndarray
    owners: np.ndarray | None = None


ARCHITECTURES = {"gan-int-cls": gan_int_cls, "dcgan": dcgan, "mirror-gan": glam, "t2f": t2f}


def load_generator(landed: Path) -> nn.Module:
    """z, sentence → pictures: the generator of landed weights (its average where it has one), ready to paint; of
    MirrorGAN the first stage, which reads no words; of T2F with ε behind z."""
    generator, _ = load_network(landed)
    if isinstance(generator, glam.Glam):
        return glam.FirstStage(generator)
    return t2f.Drawn(generator) if isinstance(generator, t2f.Generator) else generator


def load_network(landed: Path) -> tuple[nn.Module, dict]:
    """→ (the whole network, its file's metadata)"""
    tensors, metadata = load_weights(landed)
    name = metadata.get("architecture", "gan-int-cls")
    module = ARCHITECTURES[name]
    network = module.Glam if module is glam else module.Generator
    generator = network(module.Config(**tuples(metadata["config"]))).eval().to(memory_format=torch.channels_last)
    missing, extra = generator.load_state_dict(prefixed(tensors, "generator."), strict=False)
    assert not extra and all(k.endswith("num_batches_tracked") for k in missing), (missing, extra)
    return generator, metadata


def tuples(config: dict) -> dict:
    """A configuration as JSON gives it → as it was."""

    def as_tuple(value: object) -> object:
        return tuple(as_tuple(v) for v in value) if isinstance(value, list) else value

    return {k: as_tuple(v) for k, v in config.items()}


def to_bytes(pictures: torch.Tensor) -> np.ndarray:
    """[B,3,S,S] in [-1,1] → [B,S,S,3] uint8, as a PNG file would hold them"""
    return ((pictures.permute(0, 2, 3, 1) + 1) * 127.5).round().clamp(0, 255).byte().numpy()


Brush = Callable[[list[str], Tensor], np.ndarray]


def load_brush(landed: Path, encoder: Path) -> tuple[Brush, int]:
    """→ (captions [N], z [N,Z] → [N,S,S,3] uint8, as a PNG file would hold them, in the largest size that the network
    has learnt; Z). Conditioning augmentation takes its mean for MirrorGAN, as the engine does."""
    network, metadata = load_network(landed)
    network = (t2f.Drawn(network) if isinstance(network, t2f.Generator) else network).requires_grad_(False)

    def brush(captions: list[str], z: Tensor) -> np.ndarray:
        if isinstance(network, glam.Glam):
            said = say(encoder, captions)
            noise = torch.zeros(len(captions), network.config.condition)
            return to_bytes(network(z, *said, noise, metadata["depth"]).pictures[-1])
        return to_bytes(network(z, torch.cat(embed_captions(encoder, [[c] for c in captions]))))

    return brush, network.config.z


def paint(landed: Path, encoder: Path, captions: list[str], truncation: float, seed: int) -> np.ndarray:
    """→ [N,64,64,3] uint8; larger pictures are made smaller"""
    random = torch.Generator().manual_seed(seed)
    brush, length = load_brush(landed, encoder)
    z = truncation * torch.randn(len(captions), length, generator=random)
    rows = [brush(captions[i : i + 64], z[i : i + 64]) for i in range(0, len(captions), 64)]
    return shrink(np.concatenate(rows))


def shrink(pictures: np.ndarray) -> np.ndarray:
    """[N,S,S,3] uint8, S a multiple of 64 → [N,64,64,3], by the mean"""
    n, size = pictures.shape[:2]
    by = size // SIZE
    return pictures.reshape(n, SIZE, by, SIZE, by, 3).mean((2, 4)).round().astype(np.uint8)


def paint_val(
    landed: Path, encoder: Path, captions_of: list[list[str]], draws: int, truncation: float, seed: int
) -> tuple[Painted, Painted]:
    """→ (`draws` pictures a photograph, another of its captions each; few captions, many z each)"""
    captions = [of_one[d % len(of_one)] for d in range(draws) for of_one in captions_of]
    few = [captions_of[i][0] for i in np.linspace(0, len(captions_of) - 1, CAPTIONS).round().astype(int)]
    few = [c for c in few for _ in range(REPEATS)]
    pictures = paint(landed, encoder, captions + few, truncation, seed)
    return (
        Painted(
            pictures[: len(captions)],
            captions,
            groups=np.arange(len(captions)),
            owners=np.tile(np.arange(len(captions_of)), draws),
        ),
        Painted(pictures[len(captions) :], few, np.repeat(np.arange(len(few) // REPEATS), REPEATS)),
    )


def read_painted(folder: Path, listed: Path) -> Painted:
    """Pictures of the engine's command line: [{caption, seed, file}]. Pictures larger than 64×64 are made smaller."""
    rows = json.loads(listed.read_text(encoding="utf-8"))
    pictures = []
    for row in rows:
        # The list holds the path as it was typed; the folder may have moved since.
        picture = Image.open(folder / Path(row["file"]).name).convert("RGB")
        if picture.size != (SIZE, SIZE):
            picture = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        pictures.append(np.asarray(picture))
    captions = [row["caption"] for row in rows]
    names = {caption: i for i, caption in enumerate(dict.fromkeys(captions))}
    # The n-th pictures of all lines stand together, so that a fold is one picture a line. Two lines may say the same.
    turns: list[int] = []
    for i, caption in enumerate(captions):
        turns.append(turns[-1] + 1 if i and caption == captions[i - 1] else 0)
    order = np.argsort(turns, kind="stable")
    groups = np.array([names[c] for c in captions])
    return Painted(np.stack(pictures)[order], [captions[i] for i in order], groups[order])
