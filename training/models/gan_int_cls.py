"""The generator of GAN-INT-CLS (Reed et al. 2016, figure 2), with residual blocks and the condition in every
normalisation in place of the DCGAN stack."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """z, sentence, text: lengths of the noise, of the encoder's sentence, of its projection; channels[0] at 4×4,
    then one entry a doubling."""

    z: int = 100
    sentence: int = 256
    text: int = 128
    channels: tuple[int, ...] = (256, 192, 128, 64, 32)

    @property
    def size(self) -> int:
        return 4 * 2 ** (len(self.channels) - 1)


class ConditionalNorm(nn.Module):
    """x [B,C,H,W], c [B,D] → normalised over the batch, then (1 + γ(c))·x + β(c)."""

    def __init__(self, channels: int, condition: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.affine = nn.Linear(condition, 2 * channels)
        nn.init.normal_(self.affine.weight, std=0.02)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x: Tensor, c: Tensor) -> Tensor:
        gamma, beta = self.affine(c).to(x.dtype)[:, :, None, None].chunk(2, 1)
        return torch.addcmul(beta, self.norm(x), 1 + gamma)


def double_and_convolve(x: Tensor, weight: Tensor) -> Tensor:
    """Nearest ×2, then a 3×3 convolution with padding 1, in one: x [B,Cin,H,W], weight [Cout,Cin,3,3] →
    [B,Cout,2H,2W]. Every second row and column of the doubled grid repeats, so the two are exactly one transposed
    4×4 convolution of stride 2 on the small grid, with 2.25 times fewer products."""
    flipped = weight.flip(2, 3).transpose(0, 1)
    rows = F.pad(flipped, (0, 0, 0, 1)) + F.pad(flipped, (0, 0, 1, 0))
    return F.conv_transpose2d(x, F.pad(rows, (0, 1)) + F.pad(rows, (1, 0)), stride=2, padding=1)


class Block(nn.Module):
    """[B,Cin,H,W] → [B,Cout,2H,2W]"""

    def __init__(self, channels_in: int, channels_out: int, condition: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)
        self.norm1 = ConditionalNorm(channels_out, condition)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False)
        self.norm2 = ConditionalNorm(channels_out, condition)
        self.skip = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor, c: Tensor) -> Tensor:
        # A 1×1 convolution commutes with nearest ×2, so the skip is computed on the small grid.
        skip = F.interpolate(self.skip(x), scale_factor=2.0)
        h = double_and_convolve(x, self.conv1.weight)
        h = F.leaky_relu(self.norm1(h, c), 0.2)
        h = F.leaky_relu(self.norm2(self.conv2(h), c), 0.2)
        return h + skip


class Generator(nn.Module):
    """z [B,100] ~ N(0,I), sentence [B,256] → pictures [B,3,size,size] in [-1,1]"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        condition = config.z + config.text
        first, last = config.channels[0], config.channels[-1]
        self.text = nn.Linear(config.sentence, config.text)
        self.seed = nn.Linear(condition, first * 16)
        self.blocks = nn.ModuleList(
            Block(a, b, condition) for a, b in zip(config.channels[:-1], config.channels[1:], strict=True)
        )
        self.paint = nn.Conv2d(last, 3, 3, padding=1)

    def forward(self, z: Tensor, sentence: Tensor) -> Tensor:
        c = torch.cat([z, F.leaky_relu(self.text(sentence), 0.2)], 1)
        x = self.seed(c).view(-1, self.config.channels[0], 4, 4).contiguous(memory_format=torch.channels_last)
        for block in self.blocks:
            x = block(x, c)
        return torch.tanh(self.paint(F.leaky_relu(x, 0.2)).float())
