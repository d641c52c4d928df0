"""T2F (Karnewar 2018): a face from its description. Conditioning augmentation (Zhang et al. 2017) before a
progressively grown generator and critic (Karras et al. 2018, figure 2): at depth d they paint and see 4·2^d pixels, and
α fades the last doubling in.

Two departures: z enters as it is drawn, not normalised, so that truncation has a meaning; and the critic says in two
numbers whether a face is real and whether it is the one described, where T2F has one."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .conditioning import ConditioningAugmentation, augment
from .equalised import Conv, DoubleConv, HalveConv, Linear, leaky, pixel_norm


@dataclass(frozen=True)
class Config:
    """z, sentence, condition: lengths of the noise, of the encoder's sentence, of what conditioning augmentation makes
    of it; channels[d]: at 4·2^d pixels."""

    z: int = 128
    sentence: int = 128
    condition: int = 128
    channels: tuple[int, ...] = (224, 192, 128, 64, 32)

    @property
    def depths(self) -> int:
        return len(self.channels)

    @property
    def size(self) -> int:
        return 4 * 2 ** (self.depths - 1)


class Block(nn.Module):
    """[B,Cin,H,W] → [B,Cout,2H,2W]"""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.conv1 = DoubleConv(channels_in, channels_out, 3)
        self.conv2 = Conv(channels_out, channels_out, 3)

    def forward(self, x: Tensor) -> Tensor:
        return pixel_norm(leaky(self.conv2(pixel_norm(leaky(self.conv1(x))))))


class Generator(nn.Module):
    """z [B,z], sentence [B,sentence], noise [B,condition], all N(0,I) where typical → pictures [B,3,S,S] in [-1,1]"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        first = config.channels[0]
        self.augmentation = ConditioningAugmentation(config.sentence, config.condition)
        self.seed = Linear(config.z + config.condition, first * 16)
        self.first = Conv(first, first, 3)
        self.blocks = nn.ModuleList(Block(a, b) for a, b in zip(config.channels[:-1], config.channels[1:], strict=True))
        self.paints = nn.ModuleList(Conv(c, 3, 1, gain=1.0) for c in config.channels)
        for paint in self.paints:  # colours begin pale: from the ends of tanh there is no way back
            paint.weight.data.mul_(0.2)

    def features(self, z: Tensor, c: Tensor, depth: int) -> list[Tensor]:
        """→ maps at 4×4, 8×8, … 4·2^depth"""
        x = self.seed(torch.cat([z, c], 1)).view(-1, self.config.channels[0], 4, 4)
        x = pixel_norm(leaky(x.contiguous(memory_format=torch.channels_last)))
        maps = [pixel_norm(leaky(self.first(x)))]
        for block in self.blocks[:depth]:
            maps.append(block(maps[-1]))
        return maps

    def paint(self, maps: list[Tensor], alpha: float = 1.0) -> Tensor:
        """maps of `features` → pictures at the size of the last: α of what it says, 1−α of what the one before says"""
        x = self.paints[len(maps) - 1](maps[-1]).float()
        if alpha < 1 and len(maps) > 1:
            before = self.paints[len(maps) - 2](maps[-2]).float()
            x = torch.lerp(F.interpolate(before, scale_factor=2.0), x, alpha)
        return torch.tanh(x)

    def forward(
        self, z: Tensor, sentence: Tensor, noise: Tensor | None = None, depth: int | None = None, alpha: float = 1.0
    ) -> Tensor:
        mean, log_variance = self.augmentation(sentence)
        c = mean if noise is None else augment(mean, log_variance, noise)
        return self.paint(self.features(z, c, self.config.depths - 1 if depth is None else depth), alpha)


@dataclass(frozen=True)
class DrawnConfig:
    z: int
    size: int


class Drawn(nn.Module):
    """The grown generator as the engine has it: z [B,z+condition] holds ε behind z, so that all that a seed draws is
    one vector, and a style says all of it."""

    def __init__(self, generator: Generator):
        super().__init__()
        self.generator, own = generator, generator.config
        self.config = DrawnConfig(own.z + own.condition, own.size)

    def forward(self, drawn: Tensor, sentence: Tensor) -> Tensor:
        z, noise = drawn.split([self.generator.config.z, self.generator.config.condition], 1)
        return self.generator(z, sentence, noise)


@dataclass(frozen=True)
class CriticConfig:
    """channels[d]: at 4·2^d pixels; judge: of the vector that is judged."""

    sentence: int = 128
    channels: tuple[int, ...] = (160, 128, 96, 32, 16)
    judge: int = 160


class CriticBlock(nn.Module):
    """[B,Cin,2H,2W] → [B,Cout,H,W]"""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.conv1 = Conv(channels_in, channels_in, 3)
        self.conv2 = HalveConv(channels_in, channels_out, 3)

    def forward(self, x: Tensor) -> Tensor:
        return leaky(self.conv2(leaky(self.conv1(x))))


def deviation_map(x: Tensor) -> Tensor:
    """Minibatch deviation: x [B,C,H,W] → [B,C+1,H,W]; the last channel holds the mean deviation over the batch, so that
    a generator that paints one face for all is seen through."""
    deviation = torch.sqrt(x.float().var(0, unbiased=False) + 1e-8).mean().to(x.dtype)
    return torch.cat([x, deviation.expand(x.shape[0], 1, *x.shape[2:])], 1)


class Critic(nn.Module):
    """pictures [B,3,S,S] in [-1,1], S = 4·2^depth → a judgement; the sentence enters in the last block"""

    def __init__(self, config: CriticConfig):
        super().__init__()
        self.config = config
        first = config.channels[0]
        self.looks = nn.ModuleList(Conv(3, c, 1) for c in config.channels)
        self.blocks = nn.ModuleList(
            CriticBlock(b, a) for a, b in zip(config.channels[:-1], config.channels[1:], strict=True)
        )
        self.last = Conv(first + 1, first, 3)
        self.judge = Linear(first * 16, config.judge)
        self.real = Linear(config.judge, 1, gain=1.0)
        self.read = Linear(config.sentence, config.judge, gain=1.0)

    def trunk(self, pictures: Tensor, alpha: float = 1.0) -> Tensor:
        """→ what is judged [B,judge]"""
        depth = (pictures.shape[2] // 4).bit_length() - 1
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        x = leaky(self.looks[depth](pictures))
        for d in range(depth, 0, -1):
            x = self.blocks[d - 1](x)
            if d == depth and alpha < 1:
                x = torch.lerp(leaky(self.looks[d - 1](F.avg_pool2d(pictures, 2))).to(x.dtype), x, alpha)
        x = leaky(self.last(deviation_map(x)))
        return leaky(self.judge(x.permute(0, 2, 3, 1).flatten(1)))

    def realism(self, trunk: Tensor) -> list[Tensor]:
        """→ above 0 for a photograph: one [B,1], in a list as the projected critic's maps are"""
        return [self.real(trunk).float()]

    def match(self, trunk: Tensor, sentence: Tensor) -> list[Tensor]:
        """→ above 0 where the sentence says it: one [B,1]"""
        said = self.read(sentence)
        return [((trunk * said).sum(1, keepdim=True) * said.shape[1] ** -0.5).float()]
