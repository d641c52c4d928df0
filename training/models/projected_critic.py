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
    """heads: (tap, width of a 1×1 convolution that comes first or 0, widths of the strided 4×4 ones after it), the
    early taps first; mixed: channels of what `Mixing` makes of a tap, 0 for heads that look at the taps themselves."""

    sentence: int = 256
    projection: int = 64
    # conv1 sees the faint grid that the deeper taps do not. The early maps are large: narrow first, for speed.
    heads: tuple[tuple[str, int, tuple[int, ...]], ...] = (
        ("conv1", 0, (32, 64, 128)),
        ("fire4", 64, (128, 128)),
        ("fire8", 128, (128,)),
        ("fire9", 128, ()),
    )

    mixed: int = 0

    @property
    def taps(self) -> tuple[str, ...]:
        return tuple(tap for tap, _, _ in self.heads)


class Mixing(nn.Module):
    """Fixed random projections across channels, then from the late taps to the early ones (Sauer et al. 2021, section
    3.2), so that a head cannot live on one prominent channel: {tap: [B,C,h,w]} → {tap: [B,mixed,h,w]}"""

    def __init__(self, config: Config):
        super().__init__()
        self.taps = config.taps
        # Buffers, not parameters: nobody who frees the critic's parameters frees these.
        for tap in config.taps:
            self.register_buffer(f"across_{tap}", _random(config.mixed, TAPS[tap], 1))
        for tap in config.taps[1:]:
            self.register_buffer(f"down_{tap}", _random(config.mixed, config.mixed, 3))

    def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for i in reversed(range(len(self.taps))):
            tap = self.taps[i]
            x = F.conv2d(features[tap], getattr(self, f"across_{tap}"))
            if i + 1 < len(self.taps):
                below = self.taps[i + 1]
                later = F.conv2d(found[below], getattr(self, f"down_{below}"), padding=1)
                x = (x + F.interpolate(later, x.shape[2:], mode="bilinear")) / 2**0.5
            found[tap] = x
        return found


def _random(channels_out: int, channels_in: int, edge: int) -> Tensor:
    """A convolution's weight that keeps the size of what passes through"""
    return nn.init.kaiming_normal_(torch.empty(channels_out, channels_in, edge, edge), nonlinearity="linear")


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
        self.mixing = Mixing(config) if config.mixed else None
        self.heads = nn.ModuleDict(
            {tap: Head(config.mixed or TAPS[tap], squeeze, widths, config) for tap, squeeze, widths in config.heads}
        )

    def see(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        """Features of the frozen network as `look` gives them → what the heads look at. No parameter has a part in it,
        so a step needs it once, whoever moves."""
        seen = {tap: torch.log1p(features[tap]) for tap in self.heads}
        return seen if self.mixing is None else self.mixing(seen)

    def trunks(self, seen: dict[str, Tensor]) -> dict[str, Tensor]:
        """seen: of `see`"""
        return {tap: head.trunk(seen[tap]) for tap, head in self.heads.items()}

    def realism(self, trunks: dict[str, Tensor]) -> list[Tensor]:
        """→ a map a head, each [B,n]"""
        return [head.realism(trunks[tap]).float().flatten(1) for tap, head in self.heads.items()]

    def match(self, trunks: dict[str, Tensor], sentence: Tensor) -> list[Tensor]:
        """→ a map a head, each [B,n]"""
        return [head.match(trunks[tap], sentence).float() for tap, head in self.heads.items()]


def look(frozen: nn.Module, pictures: Tensor, taps: tuple[str, ...], size: int) -> dict[str, Tensor]:
    """Features of pictures [B,3,H,W] in [-1,1] as the critic sees them: enlarged to size×size first."""
    return frozen(F.interpolate(pictures, (size, size), mode="bilinear", align_corners=False), taps)
