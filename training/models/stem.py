"""STEM (Qiao et al. 2019, 'MirrorGAN', section 3.1): a bidirectional LSTM reads the caption's words, and says a vector
a word and one for the whole; as Xu et al. 2018 ('AttnGAN', section 3.2) have it."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from checkpoint import load_weights, save_weights
from text import words

# Words follow from 2 on.
PADDING, UNKNOWN = 0, 1
SPECIAL = 2


@dataclass(frozen=True)
class Config:
    """vocabulary: words and the two special tokens; word: embedding; hidden: of each direction; sentence: what a
    generator is conditioned on; longest: words of a caption, what is longer is cut off."""

    vocabulary: int = 1907
    word: int = 160
    hidden: int = 128
    sentence: int = 256
    longest: int = 32


class Stem(nn.Module):
    """tokens [B,T] → words [B,T,2·hidden], 0 where there is none, and sentence [B,sentence], of mean 0 and deviation 1
    in every dimension over the training captions"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.word)
        self.lstm = nn.LSTM(config.word, config.hidden, batch_first=True, bidirectional=True)
        self.project = nn.Linear(2 * config.hidden, config.sentence)
        self.register_buffer("mean", torch.zeros(config.sentence))
        self.register_buffer("deviation", torch.ones(config.sentence))

    def raw(self, tokens: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """→ words, and the sentence before it is standardised"""
        lengths = (tokens != PADDING).sum(1).clamp(min=1).cpu()
        x = nn.functional.dropout(self.words(tokens), dropout, self.training)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (last, _) = self.lstm(packed)
        out, _ = nn.utils.rnn.pad_packed_sequence(out, batch_first=True, total_length=tokens.shape[1])
        ends = torch.cat([last[0], last[1]], 1)  # each direction where it has read all
        return out, self.project(nn.functional.dropout(ends, dropout, self.training))

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        out, sentence = self.raw(tokens)
        return out, (sentence - self.mean) / self.deviation


def save_stem(path: Path, stem: Stem, vocabulary: list[str], figures: dict, dtype: torch.dtype = torch.float16) -> None:
    metadata = {"config": asdict(stem.config), "vocabulary": vocabulary, "figures": figures}
    save_weights(path, stem.state_dict(), metadata, dtype)


def load_stem(path: Path) -> tuple[Stem, list[str]]:
    """→ (STEM, ready to read; its words from 2 on)"""
    weights, metadata = load_weights(path)
    stem = Stem(Config(**metadata["config"]))
    stem.load_state_dict(weights)
    return stem.eval().requires_grad_(False), metadata["vocabulary"]


def encode(caption: str, places: dict[str, int], longest: int) -> list[int]:
    """caption → [longest] tokens, PADDING behind its words; a caption without words is one unknown one"""
    tokens = [places.get(word, UNKNOWN) for word in words(caption)] or [UNKNOWN]
    return (tokens + [PADDING] * longest)[:longest]


def encode_all(captions: list[list[str]], vocabulary: list[str], longest: int) -> list[Tensor]:
    """→ a picture's captions as tokens, each [captions, longest]"""
    places = {word: i for i, word in enumerate(vocabulary, SPECIAL)}
    return [torch.tensor([encode(c, places, longest) for c in of_one]) for of_one in captions]
