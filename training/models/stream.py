"""STREAM, which says what a picture shows: Qiao et al. 2019, 'MirrorGAN', section 3.3 (the right of figure 2): x_-1 is
the picture, x_t = W_e S_t a word, p_t+1 = RNN(x_t). Its picture side is SqueezeNet v1.0 (Iandola et al. 2016), trained
on, where the paper has Inception; a GRU (Cho et al. 2014) where it has an LSTM."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checkpoint import load_weights, save_weights
from text import words

# Special tokens; words follow from 3 on.
BEGIN, END, UNKNOWN = 0, 1, 2
SPECIAL = 3
# SqueezeNet was trained on BGR, 0–255, minus the mean of ImageNet.
MEAN = (104.0, 117.0, 123.0)
# SqueezeNet v1.0: channels of conv1, then (squeezed, expanded by each of two) of fire2 … fire9.
SQUEEZENET = (96, (16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))


@dataclass(frozen=True)
class Config:
    """size: edge of the pictures it is trained on; look: edge to which every picture is brought; word: embedding;
    hidden: GRU; similarity: sentence embedding; vocabulary: words and the three special tokens; longest: words of a
    caption, `</s>` among them; channels: as SQUEEZENET has them."""

    size: int = 64
    look: int = 80
    word: int = 160
    hidden: int = 288
    similarity: int = 256
    vocabulary: int = 1908
    longest: int = 24
    channels: tuple = SQUEEZENET

    @property
    def features(self) -> int:
        return 2 * 2 * self.channels[-1][1]


class Fire(nn.Module):
    def __init__(self, channels: int, squeezed: int, expanded: int):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.squeeze(x))
        return F.relu(torch.cat([self.expand1(x), self.expand3(x)], 1))


class Stream(nn.Module):
    """pictures [B,3,H,W] RGB in [-1,1] → features f → states → logits of the next word."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        stem, *fires = config.channels
        self.conv1 = nn.Conv2d(3, stem, 7, stride=2)
        width = stem
        for i, (squeezed, expanded) in enumerate(fires, 2):
            self.add_module(f"fire{i}", Fire(width, squeezed, expanded))
            width = 2 * expanded
        self.image = nn.Linear(config.features, config.word)
        self.words = nn.Embedding(config.vocabulary, config.word)
        self.gru = nn.GRU(config.word, config.hidden, batch_first=True)
        self.out = nn.Linear(config.hidden, config.vocabulary)
        self.similarity = nn.Linear(config.features, config.similarity)
        # Of the contrastive loss alone; e^2.66 = 1/.07.
        self.temperature = nn.Parameter(torch.tensor(2.66))

    def features(self, pictures: Tensor) -> Tensor:
        """pictures [B,3,H,W] → f [B,F]: mean and maximum over the places of fire9"""
        x = F.interpolate(pictures, (self.config.look, self.config.look), mode="bilinear", align_corners=False)
        x = (x.flip(1) + 1) * 127.5 - x.new_tensor(MEAN).view(1, 3, 1, 1)
        x = F.relu(self.conv1(x.contiguous(memory_format=torch.channels_last)))
        for i in range(2, 10):
            if i in (2, 5, 9):
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            x = getattr(self, f"fire{i}")(x)
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)

    def start(self, f: Tensor) -> Tensor:
        """f [B,F] → the state [B,hidden] after x_-1, which no word is read from"""
        return self.gru(self.image(f)[:, None])[1][0]

    def step(self, state: Tensor, token: Tensor) -> tuple[Tensor, Tensor]:
        """state [B,hidden], token [B] → (next state, logits [B,V])"""
        _, found = self.gru(self.words(token)[:, None], state[None])
        return found[0], self.out(found[0])

    def logits(self, f: Tensor, tokens: Tensor, dropout: float = 0.0) -> Tensor:
        """f [B,F], tokens [B,T] as they are to be said, without `<s>` → logits [B,T,V] of each, given those before"""
        begin = torch.full_like(tokens[:, :1], BEGIN)
        x = torch.cat([self.image(f)[:, None], self.words(torch.cat([begin, tokens[:, :-1]], 1))], 1)  # [B,1+T,word]
        states, _ = self.gru(F.dropout(x, dropout, self.training))
        return self.out(F.dropout(states[:, 1:], dropout, self.training))

    def log_probabilities(self, f: Tensor, tokens: Tensor) -> Tensor:
        """f [B,F], tokens [B,T] → log p of each token, given those before it [B,T]"""
        return self.logits(f, tokens).log_softmax(2).gather(2, tokens[:, :, None])[:, :, 0]


def load_imagenet(model: Stream, weights: Path, scale: float = 1 / 40) -> None:
    """The picture side begins as SqueezeNet v1.0 (caffe's names) with its ImageNet weights, but for `scale`: its
    features are in the tens and hundreds, and f is to be about 1. ReLU and pooling let a factor through, so each of
    the 17 layers takes an equal share."""
    renamed = {"conv1x1_1": "squeeze", "conv1x1_2": "expand1", "conv3x3_2": "expand3"}
    share = scale ** (1 / 17)
    state = {}
    with np.load(weights) as archive:
        for name in archive.files:
            if name.startswith("conv_final"):  # ImageNet's classes
                continue
            fire, _, layer = name.rpartition("/")
            layer, kind = layer.split(".")
            place = f"{fire}.{renamed[layer]}" if fire else layer
            depth = 2 * int(fire[4:]) - 1 - (layer == "conv1x1_1") if fire else 1
            tensor = torch.from_numpy(archive[name].astype(np.float32))
            # By the depth of a bias all the layers above it have been scaled.
            state[f"{place}.{kind}"] = tensor * (share if kind == "weight" else share**depth)
    _, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected


def encode(caption: str, places: dict[str, int], longest: int) -> list[int]:
    """caption → [longest] tokens as they are to be said: words, `</s>`, then UNKNOWN, which no loss counts. What is
    longer is cut off, and has no end."""
    tokens = [places.get(word, UNKNOWN) for word in words(caption)]
    return ([*tokens, END] + [UNKNOWN] * longest)[:longest]


def decode(tokens: Sequence[int], vocabulary: list[str]) -> str:
    """tokens, with or without `</s>` → a caption; vocabulary: the words from 3 on"""
    said = tokens[: tokens.index(END)] if END in tokens else tokens
    return " ".join(vocabulary[t - SPECIAL] for t in said)


def save_stream(path: Path, model: Stream, vocabulary: list[str], figures: dict) -> None:
    metadata = {"config": asdict(model.config), "vocabulary": vocabulary, "figures": figures}
    save_weights(path, model.state_dict(), metadata, torch.float16)


def load_stream(path: Path) -> tuple[Stream, list[str], dict]:
    """→ (model, ready to read pictures; the words from 3 on; figures of its training)"""
    weights, metadata = load_weights(path)
    channels = tuple(tuple(c) if isinstance(c, list) else c for c in metadata["config"]["channels"])
    model = Stream(Config(**metadata["config"] | {"channels": channels}))
    model.load_state_dict(weights)
    return model.eval().to(memory_format=torch.channels_last), metadata["vocabulary"], metadata["figures"]
