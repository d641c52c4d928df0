"""A critic that needs no ImageNet network: the one that ships, for fine-tuning in the tab. Strided convolutions as in
DCGAN (Radford et al. 2016) with spectral norm (Miyato et al. 2018) in place of batch norm, and the caption by
projection (Miyato & Koyama 2018)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


@dataclass(frozen=True)
class Config:
    """channels: after each strided convolution, the last of them at 4×4 for pictures of 4·2^len pixels."""

    sentence: int = 256
    projection: int = 64
    channels: tuple[int, ...] = (32, 64, 128, 256)


class Critic(nn.Module):
    """pictures [B,3,S,S] in [-1,1] → a map of realism, a map of agreement with a sentence"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        widths = (3, *config.channels)
        self.convs = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4, 2, 1)) for a, b in zip(widths[:-1], widths[1:], strict=True)
        )
        self.realism_map = spectral_norm(nn.Conv2d(widths[-1], 1, 1))
        self.look = spectral_norm(nn.Conv2d(widths[-1], config.projection, 1))
        self.read = spectral_norm(nn.Linear(config.sentence, config.projection))

    def trunk(self, pictures: Tensor) -> Tensor:
        """→ [B,C,4,4]"""
        x = pictures.contiguous(memory_format=torch.channels_last)
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.2)
        return x

    def realism(self, trunk: Tensor) -> list[Tensor]:
        """→ one map [B,16], in a list as the projected critic's are"""
        return [self.realism_map(trunk).float().flatten(1)]

    def match(self, trunk: Tensor, sentence: Tensor) -> list[Tensor]:
        """→ one map [B,16]"""
        return [torch.einsum("bphw,bp->bhw", self.look(trunk), self.read(sentence)).float().flatten(1)]

    def agreement(self, trunk: Tensor, sentences: Tensor) -> Tensor:
        """→ [B,N]: the mean of each picture's map for each of N sentences"""
        return self.look(trunk).float().mean((2, 3)) @ self.read(sentences).float().T
