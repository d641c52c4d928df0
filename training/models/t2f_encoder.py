"""The text encoder of T2F: an LSTM (Hochreiter & Schmidhuber 1997) reads the words, and the sentence is the mean of
what it says at each. T2F's own takes the last state of a padded caption, and so forgets a short one; here padding
counts for nothing."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checkpoint import load_weights, save_weights

from .stem import PADDING


@dataclass(frozen=True)
class Config:
    """vocabulary: words and the two special tokens; word: embedding; hidden: of the LSTM; sentence: what a generator is
    conditioned on; longest: words of a caption, what is longer is cut off."""

    vocabulary: int = 160
    word: int = 96
    hidden: int = 192
    sentence: int = 128
    longest: int = 64


class T2fEncoder(nn.Module):
    """tokens [B,T] int64, 0 = none, 1 = any other word → sentence [B,sentence], mean 0 and deviation 1 in every
    dimension over the training captions"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.word)
        self.lstm = nn.LSTM(config.word, config.hidden, batch_first=True)
        self.project = nn.Linear(config.hidden, config.sentence)
        self.register_buffer("mean", torch.zeros(config.sentence))
        self.register_buffer("deviation", torch.ones(config.sentence))

    def raw(self, tokens: Tensor, dropout: float = 0.0) -> Tensor:
        lengths = (tokens != PADDING).sum(1).clamp(min=1)
        x = F.dropout(self.words(tokens), dropout, self.training)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        pooled = states.sum(1) / lengths[:, None]  # behind a caption's end they are 0
        return self.project(F.dropout(pooled, dropout, self.training))

    def forward(self, tokens: Tensor) -> Tensor:
        return (self.raw(tokens) - self.mean) / self.deviation


def save_encoder(path: Path, encoder: T2fEncoder, vocabulary: list[str], dtype: torch.dtype) -> None:
    save_weights(path, encoder.state_dict(), {"config": asdict(encoder.config), "vocabulary": vocabulary}, dtype)


def load_encoder(path: Path) -> tuple[T2fEncoder, list[str]]:
    """→ (encoder in eval mode, its words, in order)"""
    weights, metadata = load_weights(path)
    encoder = T2fEncoder(Config(**metadata["config"]))
    encoder.load_state_dict(weights)
    return encoder.eval().requires_grad_(False), metadata["vocabulary"]
