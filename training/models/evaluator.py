"""The evaluator: a small residual network (He et al. 2016) and a reader of words (Kim 2014) that no generator is
trained against. Trained from pixels on class labels and on captions, so that its features know kind, colour and
layout; they serve the Fréchet distance, KID and diversity, and the joint embedding serves R-precision."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checkpoint import load_weights, save_weights
from text import words


@dataclass(frozen=True)
class Config:
    """widths: of the stem, at half the picture's edge, and of the stages, each at half the one before; length: words
    read of a caption."""

    classes: int = 102
    widths: tuple[int, ...] = (32, 64, 128, 256)
    embedding: int = 128
    word: int = 64
    read: int = 192
    length: int = 30

    @property
    def features(self) -> int:
        return sum(self.widths[-2:])


class Stage(nn.Module):
    """[B,Cin,H,W] → [B,Cout,H/2,W/2]"""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, 2, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels_out)
        self.skip = nn.Conv2d(channels_in, channels_out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(h + self.skip(F.avg_pool2d(x, 2)))


class Evaluator(nn.Module):
    """Pictures [B,3,64,64] in [-1,1] and captions, each into the same space; `vocabulary[i]` is word i + 2, 1 is any
    other word, 0 is none."""

    def __init__(self, config: Config, vocabulary: list[str]):
        super().__init__()
        self.config, self.vocabulary = config, vocabulary
        self.index = {word: i + 2 for i, word in enumerate(vocabulary)}
        self.stem = nn.Conv2d(3, config.widths[0], 4, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(config.widths[0])
        self.stages = nn.ModuleList(Stage(a, b) for a, b in zip(config.widths[:-1], config.widths[1:], strict=True))
        self.classify = nn.Linear(config.features, config.classes)
        self.place = nn.Linear(config.features, config.embedding)
        self.words = nn.Embedding(len(vocabulary) + 2, config.word, padding_idx=0)
        self.read = nn.Conv1d(config.word, config.read, 3, padding=1)
        self.sum_up = nn.Linear(2 * config.read, config.embedding)
        self.temperature = nn.Parameter(torch.tensor(2.6))
        # Of the training photographs' features: `standardised` has mean 0 and deviation 1 there.
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("deviation", torch.ones(config.features))

    def features(self, pictures: Tensor) -> Tensor:
        """pictures [B,3,S,S] → means over all places of the last two stages [B,F]"""
        x = F.relu(self.stem_norm(self.stem(pictures.contiguous(memory_format=torch.channels_last))))
        pooled = []
        for stage in self.stages:
            x = stage(x)
            pooled.append(x.float().mean((2, 3)))
        return torch.cat(pooled[-2:], 1)

    def standardised(self, pictures: Tensor) -> Tensor:
        """→ [B,F], what distances are measured between"""
        return (self.features(pictures) - self.mean) / self.deviation

    def spell(self, captions: list[str]) -> Tensor:
        """→ words [B,length] int64"""
        rows = [[self.index.get(w, 1) for w in words(c)][: self.config.length] for c in captions]
        return torch.tensor([r + [0] * (self.config.length - len(r)) for r in rows])

    def embed_pictures(self, features: Tensor) -> Tensor:
        """features [B,F] → unit rows [B,E]"""
        return F.normalize(self.place(features), dim=1)

    def embed_captions(self, spelled: Tensor, dropout: float = 0.0) -> Tensor:
        """words [B,length] → unit rows [B,E]: mean and maximum over what every three neighbours say"""
        said = (spelled > 0)[:, None].float()
        x = F.dropout(self.words(spelled), dropout, self.training).transpose(1, 2)
        x = F.relu(self.read(x)).float() * said  # [B,read,length]
        pooled = torch.cat([x.sum(2) / said.sum(2).clamp(min=1), x.amax(2)], 1)
        return F.normalize(self.sum_up(F.dropout(pooled, dropout, self.training)).float(), dim=1)


def save_evaluator(path: Path, evaluator: Evaluator, figures: dict) -> None:
    """As float16, the only precision in which an evaluator exists: everyone measures with the very same numbers."""
    metadata = {"config": asdict(evaluator.config), "vocabulary": evaluator.vocabulary, "figures": figures}
    save_weights(path, evaluator.state_dict(), metadata, torch.float16)


def load_evaluator(path: Path) -> tuple[Evaluator, dict]:
    """→ (evaluator in eval mode, float32; its own figures on val)"""
    tensors, metadata = load_weights(path)
    config = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}
    evaluator = Evaluator(Config(**config), metadata["vocabulary"])
    missing, extra = evaluator.load_state_dict(tensors, strict=False)
    assert not extra and all(k.endswith("num_batches_tracked") for k in missing), (missing, extra)
    return evaluator.eval().requires_grad_(False), metadata["figures"]
