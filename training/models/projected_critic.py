"""The critic: heads over a frozen ImageNet network's features (Sauer et al. 2021, 'Projected GANs'), each with an
unconditional map and a text-conditional one by projection (Miyato & Koyama 2018)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from .squeezenet import TAPS


@dataclass(frozen=True)
class Config:
    """heads: (tap, width of a 1×1 convolution that comes first or 0, widths of the strided 4×4 ones after it)."""

    sentence: int = 256
    projection: int = 64
    # conv1 sees the faint grid that the deeper taps do not. The early maps are large: narrow first, for speed.
    heads: tuple[tuple[str, int, tuple[int, ...]], ...] = (
        ("conv1", 0, (32, 64, 128)),
        ("fire4", 64, (128, 128)),
        ("fire8", 128, (128,)),
        ("fire9", 128, ()),
    )

    @property
    def taps(self) -> tuple[str, ...]:
        return tuple(tap for tap, _, _ in self.heads)


class Head(nn.Module):
    """features [B,C,h,w] → trunk [B,width,h',w']"""

    def __init__(self, channels: int, squeeze: int, widths: tuple[int, ...], config: Config):
        super().__init__()
        layers: list[nn.Module] = []
        if squeeze:
            layers += [spectral_norm(nn.Conv2d(channels, squeeze, 1)), nn.LeakyReLU(0.2)]
            channels = squeeze
        for width in widths:
            layers += [spectral_norm(nn.Conv2d(channels, width, 4, 2, 1)), nn.LeakyReLU(0.2)]
            channels = width
        self.trunk = nn.Sequential(*layers)
        self.realism = spectral_norm(nn.Conv2d(channels, 1, 1))
        self.look = spectral_norm(nn.Conv2d(channels, config.projection, 1))
        self.read = spectral_norm(nn.Linear(config.sentence, config.projection))

    def match(self, trunk: Tensor, sentence: Tensor) -> Tensor:
        """trunk [B,C,h,w], sentence [B,D] → how well they agree, at every place [B,h·w]"""
        return torch.einsum("bphw,bp->bhw", self.look(trunk), self.read(sentence)).flatten(1)


class ProjectedCritic(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.heads = nn.ModuleDict(
            {tap: Head(TAPS[tap], squeeze, widths, config) for tap, squeeze, widths in config.heads}
        )

    def trunks(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        return {tap: head.trunk(torch.log1p(features[tap])) for tap, head in self.heads.items()}

    def realism(self, trunks: dict[str, Tensor]) -> list[Tensor]:
        """→ a map a head, each [B,n]"""
        return [head.realism(trunks[tap]).float().flatten(1) for tap, head in self.heads.items()]

    def match(self, trunks: dict[str, Tensor], sentence: Tensor) -> list[Tensor]:
        """→ a map a head, each [B,n]"""
        return [head.match(trunks[tap], sentence).float() for tap, head in self.heads.items()]


def look(frozen: nn.Module, pictures: Tensor, taps: tuple[str, ...], size: int) -> dict[str, Tensor]:
    """Features of pictures [B,3,H,W] in [-1,1] as the critic sees them: enlarged to size×size first."""
    return frozen(F.interpolate(pictures, (size, size), mode="bilinear", align_corners=False), taps)
