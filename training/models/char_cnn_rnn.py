"""Char-CNN-RNN text encoder: Reed et al. 2016, 'Learning deep representations of fine-grained visual
descriptions', section 3.3 (the hybrid of figure 1), as GAN-CLS uses it."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """length: characters read; alphabet: symbols (0 is none); channels: of the three convolutions; embedding: of the
    sentence."""

    length: int = 201
    alphabet: int = 70
    channels: tuple[int, int, int] = (384, 512, 256)
    embedding: int = 256


class CharCnnRnn(nn.Module):
    """characters [B,length] int64, 0 = none, 1…alphabet → sentence [B,embedding], mean 0 and deviation 1
    over the training captions (`standardise`)."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        c1, c2, c3 = config.channels
        self.conv1 = nn.Conv1d(config.alphabet, c1, 4)
        self.conv2 = nn.Conv1d(c1, c2, 4)
        self.conv3 = nn.Conv1d(c2, c3, 4)
        self.gru = nn.GRU(c3, c3, batch_first=True)
        self.project = nn.Linear(c3, config.embedding)
        self.register_buffer("mean", torch.zeros(config.embedding))
        self.register_buffer("deviation", torch.ones(config.embedding))

    def raw(self, characters: Tensor, dropout: float = 0.0) -> Tensor:
        # One-hot without a row for 'none': padding is a vector of zeros, as in the original.
        x = F.one_hot(characters, self.config.alphabet + 1)[:, :, 1:].to(self.conv1.weight.dtype).transpose(1, 2)
        x = F.max_pool1d(F.relu(self.conv1(x)), 3, 3)  # [B,384,66]
        x = F.max_pool1d(F.relu(self.conv2(x)), 3, 3)  # [B,512,21]
        x = F.max_pool1d(F.relu(self.conv3(x)), 3, 2)  # [B,256,8]
        states, _ = self.gru(x.transpose(1, 2))
        return self.project(F.dropout(states.mean(1), dropout, self.training))

    def forward(self, characters: Tensor) -> Tensor:
        return (self.raw(characters) - self.mean) / self.deviation
