"""GLAM, the cascade of generators of MirrorGAN (Qiao et al. 2019, section 3.2, the middle of figure 2): F0 makes
features from z and the augmented sentence, each F_i attends to words and sentence and doubles; G_i paints what F_i
made."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import SentenceAttention, WordAttention
from .conditioning import ConditioningAugmentation, augment
from .gan_int_cls import Block, ConditionalNorm
from .gan_int_cls import Config as FirstConfig


@dataclass(frozen=True)
class Config:
    """z, sentence, word: lengths of the noise and of what STEM says; condition: of the augmented sentence (100 in the
    paper); channels: of F0, channels[0] at 4×4, then one a doubling; stages: of each F_i after it, (width of its
    residual blocks, channels after its doubling)."""

    z: int = 100
    sentence: int = 256
    word: int = 256
    condition: int = 128
    channels: tuple[int, ...] = (256, 192, 128, 64, 32)
    stages: tuple[tuple[int, int], ...] = ((48, 32),)
    residuals: int = 2
    sentence_attention: bool = True

    @property
    def sizes(self) -> tuple[int, ...]:
        """Edges of the pictures, stage by stage."""
        first = 4 * 2 ** (len(self.channels) - 1)
        return tuple(first * 2**i for i in range(len(self.stages) + 1))


class Residual(nn.Module):
    """x [B,C,H,W], c [B,D] → [B,C,H,W]"""

    def __init__(self, channels: int, condition: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = ConditionalNorm(channels, condition)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = ConditionalNorm(channels, condition)

    def forward(self, x: Tensor, c: Tensor) -> Tensor:
        h = F.leaky_relu(self.norm1(self.conv1(x), c), 0.2)
        return x + self.norm2(self.conv2(h), c)


class Stage(nn.Module):
    """F_i, i ≥ 1: f [B,Cin,H,W] → [B,Cout,2H,2W] (equation 5)"""

    def __init__(self, config: Config, channels: int, width: int, out: int):
        super().__init__()
        condition = config.z + config.condition
        self.attend_words = WordAttention(config.word, channels)
        parts = 2
        if config.sentence_attention:
            self.attend_sentence = SentenceAttention(config.condition, channels)
            parts = 3
        self.join = nn.Conv2d(parts * channels, width, 1)
        self.residuals = nn.ModuleList(Residual(width, condition) for _ in range(config.residuals))
        self.grow = Block(width, out, condition)

    def forward(self, f: Tensor, words: Tensor, weight: Tensor, s: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """s [B,condition]: the augmented sentence; c [B,z+condition] → features, attention [B,H·W,T]"""
        context, attention = self.attend_words(f, words, weight)
        parts = [f, context]
        if hasattr(self, "attend_sentence"):
            parts.append(self.attend_sentence(f, s))
        x = self.join(torch.cat([part.to(f.dtype) for part in parts], 1))
        for residual in self.residuals:
            x = residual(x, c)
        return self.grow(x, c), attention


@dataclass(frozen=True)
class Cascade:
    """pictures: [B,3,S,S] in [-1,1], one a stage, the smallest first; attention [B,H·W,T], one a stage after the first;
    mean, log_variance [B,condition]: of the augmentation."""

    pictures: list[Tensor]
    attention: list[Tensor]
    mean: Tensor
    log_variance: Tensor


class Glam(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        condition = config.z + config.condition
        self.augmentation = ConditioningAugmentation(config.sentence, config.condition)
        self.seed = nn.Linear(condition, config.channels[0] * 16)
        self.blocks = nn.ModuleList(
            Block(a, b, condition) for a, b in zip(config.channels[:-1], config.channels[1:], strict=True)
        )
        widths = [config.channels[-1], *(out for _, out in config.stages)]
        self.stages = nn.ModuleList(
            Stage(config, channels, width, out)
            for channels, (width, out) in zip(widths[:-1], config.stages, strict=True)
        )
        self.paint = nn.ModuleList(nn.Conv2d(width, 3, 3, padding=1) for width in widths)
        # A later stage adds to the picture before it: it begins with that one, enlarged, and learns what is missing.
        for paint in list(self.paint)[1:]:
            nn.init.normal_(paint.weight, std=0.005)
            nn.init.zeros_(paint.bias)

    def first(self, z: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        """F0: z [B,z], s [B,condition] → features [B,C,64,64], the condition c [B,z+condition] of every norm"""
        c = torch.cat([z, F.leaky_relu(s, 0.2)], 1)
        x = self.seed(c).view(-1, self.config.channels[0], 4, 4).contiguous(memory_format=torch.channels_last)
        for block in self.blocks:
            x = block(x, c)
        return x, c

    def forward(
        self,
        z: Tensor,
        sentence: Tensor,
        words: Tensor,
        weight: Tensor,
        noise: Tensor,
        depth: int | None = None,
    ) -> Cascade:
        """z [B,z], sentence [B,sentence], words [B,T,word], weight [B,T] as the attention has it, noise [B,condition]
        ~ N(0,I) (0 paints the sentence's own place) → the pictures of stages 0 … depth, of all without it"""
        mean, log_variance = self.augmentation(sentence)
        s = augment(mean, log_variance, noise)
        x, c = self.first(z, s)
        drawn = self.draw(0, x)
        pictures, attentions = [torch.tanh(drawn)], []
        for i, stage in enumerate(self.stages[:depth], 1):
            x, attention = stage(x, words, weight, s, c)
            larger = F.interpolate(drawn, scale_factor=2.0, mode="bilinear", align_corners=False)
            drawn = larger + self.draw(i, x)
            pictures.append(torch.tanh(drawn))
            attentions.append(attention)
        return Cascade(pictures, attentions, mean, log_variance)

    def draw(self, stage: int, x: Tensor) -> Tensor:
        return self.paint[stage](F.leaky_relu(x, 0.2)).float()


class FirstStage(nn.Module):
    """The first stage as a generator of its own: z [B,z], sentence [B,sentence] → pictures [B,3,64,64], at the
    sentence's own place (ε = 0). It reads no words."""

    def __init__(self, glam: Glam):
        super().__init__()
        self.glam = glam
        self.config = FirstConfig(glam.config.z, glam.config.sentence, glam.config.condition, glam.config.channels)

    def forward(self, z: Tensor, sentence: Tensor) -> Tensor:
        mean, _ = self.glam.augmentation(sentence)
        x, _ = self.glam.first(z, mean)
        return torch.tanh(self.glam.draw(0, x))
