"""The picture's side of STEM's training: what stands at every place, in the space of the words (Xu et al. 2018,
'AttnGAN', section 3.2). It also says to which places a word belongs, which GLAM's attention can be held to."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .squeezenet import TAPS

# From colour and edge to shape; the critic looks through the same ones.
LOOKED_AT = ("conv1", "fire4", "fire8", "fire9")
# Edge to which a picture is enlarged, and of the grid of places.
LOOK, GRID = 128, 12
# Principal components that are kept of a place's features.
KEPT = 256
# Of cosines, before a softmax over words.
SHARPNESS = 10.0


def places_of(found: dict[str, Tensor]) -> Tensor:
    """The frozen network's maps → [B,GRID²,ΣC], all taps at one grid"""
    maps = [F.interpolate(torch.log1p(found[tap].float()), (GRID, GRID), mode="area") for tap in LOOKED_AT]
    return torch.cat(maps, 1).flatten(2).transpose(1, 2)


class Regions(nn.Module):
    """features of places [B,N,ΣC] → unit vectors [B,N,word]"""

    def __init__(self, word: int):
        super().__init__()
        width = sum(TAPS[tap] for tap in LOOKED_AT)
        self.register_buffer("center", torch.zeros(width))
        self.register_buffer("basis", torch.zeros(width, KEPT))
        self.project = nn.Linear(KEPT, word)

    def fit(self, features: Tensor) -> None:
        """features [M,ΣC] of some places: their principal directions, each brought to deviation 1"""
        self.center.copy_(features.mean(0))
        spread = features.std(0) + 1e-3
        values, vectors = torch.linalg.eigh(torch.cov(((features - self.center) / spread).T))
        kept, values = vectors[:, -KEPT:], values[-KEPT:]
        self.basis.copy_(kept / spread[:, None] / values.clamp(min=1e-3).sqrt())

    def reduce(self, features: Tensor) -> Tensor:
        return (features - self.center) @ self.basis

    def forward(self, reduced: Tensor) -> Tensor:
        return F.normalize(self.project(reduced), dim=-1)


@torch.no_grad()
def attention_of(regions: Tensor, words: Tensor, here: Tensor) -> Tensor:
    """regions [B,N,W] unit, words [B,T,W], here [B,T] → how much each place is of each word [B,N,T], rows of sum 1"""
    cosines = regions @ F.normalize(words, dim=2).transpose(1, 2)
    return (SHARPNESS * cosines).masked_fill(~here[:, None], -1e9).softmax(2)
