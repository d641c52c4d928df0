"""Where GLAM's word attention should lie: where STEM's picture side finds the words in what was painted. Not in the
paper, whose attention has 650 epochs to find it by itself (see README.md)."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from checkpoint import load_weights
from models.attention import ABSENT
from models.glam import Cascade
from models.regions import GRID, LOOK, LOOKED_AT, Regions, attention_of, places_of
from models.squeezenet import SqueezeNet

# One in so many pictures of a batch is asked, to save time.
SHARE = 4


class Alignment:
    """path: of `Regions`, as train_stem.py landed them. Nothing here is moved: neither they nor the frozen network."""

    def __init__(self, path: Path, frozen: SqueezeNet, device: torch.device):
        weights, metadata = load_weights(path)
        self.regions = Regions(metadata["word"])
        self.regions.load_state_dict(weights)
        self.regions.to(device).requires_grad_(False)
        self.frozen = frozen

    def loss(self, cascade: Cascade, words: Tensor, weight: Tensor) -> Tensor:
        """words [B,T,D] and their weight [B,T] as GLAM read them → cross-entropy over words, mean over places"""
        n = len(words) // SHARE
        painted, words, weight = cascade.pictures[-1][:n].detach(), words[:n], weight[:n]
        with torch.no_grad():
            found = self.frozen(F.interpolate(painted, (LOOK, LOOK), mode="area"), LOOKED_AT)
            aim = attention_of(self.regions(self.regions.reduce(places_of(found))), words, weight > ABSENT / 2)
        losses = []
        for attention in cascade.attention:
            edge = round(attention.shape[1] ** 0.5)
            maps = attention[:n].transpose(1, 2).unflatten(2, (edge, edge))  # [n,T,H,W]
            small = F.interpolate(maps, (GRID, GRID), mode="area").flatten(2).transpose(1, 2)
            losses.append(-(aim * small.clamp(min=1e-6).log()).sum(2).mean())
        return torch.stack(losses).mean()
