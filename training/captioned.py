"""The data sets by their names: pictures with their captions, and of which other pictures a caption may be true."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import data
from face_feed import FaceFeed, tell_all
from feed import Feed
from train_face_encoder import cached_face_features
from train_text_encoder import cached_features

SETS = ("flowers", "faces")
# Of the edge that a captioner sees: some room for crops.
STORED = {"flowers": 9 / 8, "faces": 17 / 16}
PORTRAITS = 10

# rows of pictures [B], which of its captions each has [B] → [B,B]: may caption j be true of picture i?
Alike = Callable[[Tensor, Tensor], Tensor]


def load(kind: str, split: str, size: int) -> tuple[data.Captioned, Alike]:
    """kind: one of SETS. The faces' captions are the grammar's; as many of them are portraits, which say all that
    strikes the eye, as are descriptions, which may say anything."""
    stored = round(size * STORED[kind])
    if kind == "flowers":
        pictures = data.load(kind, split, stored)
        classes = torch.from_numpy(pictures.classes)
        return pictures, lambda rows, _: classes[rows][:, None] == classes[rows][None]
    faces = data.load_faces(split, stored)
    told = tell_all(faces, PORTRAITS)
    pictures = data.Captioned(faces.pictures, told.texts, np.arange(len(faces)), faces.names)

    def alike(rows: Tensor, which: Tensor) -> Tensor:
        square = len(rows), len(rows)
        said = rows[None].expand(square), which[None].expand(square)
        return told.true_of(*said, rows[:, None].expand(square))

    return pictures, alike


def feed(kind: str, encoder: Path, size: int, device: torch.device, random: torch.Generator) -> Feed | FaceFeed:
    """What a generator of size×size pictures is fed."""
    return (Feed if kind == "flowers" else FaceFeed)(encoder, size, device, random)


def features(kind: str, split: str, count: int) -> Tensor:
    """→ [count,F]: pooled features of the first pictures in a frozen ImageNet network that sees more of them"""
    if kind == "flowers":
        return cached_features(split, data.DATA / "imagenet-features" / "squeezenet_v1_0.npz")[:count]
    return cached_face_features(split, data.load_faces(split, 68))[:count]
