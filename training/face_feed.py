"""What T2F is fed: faces, descriptions that are true of them, descriptions that are not, and noise."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

import data
from augment import crop_and_flip
from face_attributes import bits
from face_sentences import sentences_of
from models.stem import PADDING, SPECIAL, encode
from models.t2f_encoder import load_encoder
from text import words

# Who is seldom is shown more often: up to so many times as often as chance would.
MOST = 3.0
SELDOM = ("Bald", "Eyeglasses", "Goatee", "Gray_Hair", "Mustache", "Wearing_Hat", "Blond_Hair", "No_Beard")


def vocabulary(texts: list[list[str]]) -> list[str]:
    return sorted({word for of_one in texts for text in of_one for word in words(text)})


@dataclass(frozen=True)
class Told:
    """Ten descriptions a face: `texts` [N][10]; what each claims as bits, `present` and `absent` [N,10]; what is true
    of the faces, `attributes` [N]."""

    texts: list[list[str]]
    present: Tensor
    absent: Tensor
    attributes: Tensor

    def true_of(self, rows: Tensor, which: Tensor, faces: Tensor) -> Tensor:
        """Does description `which` of face `rows` say nothing wrong of `faces`? All of one shape, → the same."""
        there = self.attributes[faces]
        return (self.present[rows, which] & ~there | self.absent[rows, which] & there) == 0


def tell_all(faces: data.Faces) -> Told:
    said = [sentences_of(has, name) for has, name in zip(faces.attributes, faces.names, strict=True)]
    return Told(
        [[s.text for s in of_one] for of_one in said],
        torch.tensor([[bits(s.present) for s in of_one] for of_one in said]),
        torch.tensor([[bits(s.absent) for s in of_one] for of_one in said]),
        torch.tensor([bits(has) for has in faces.attributes]),
    )


def tokens_of(texts: list[str], known: list[str], longest: int) -> Tensor:
    """→ [N,T] int64, T the most words that any has"""
    places = {word: i for i, word in enumerate(known, SPECIAL)}
    rows = torch.tensor([encode(text, places, longest) for text in texts])
    return rows[:, : max(1, int((rows != PADDING).sum(1).max()))]


@torch.no_grad()
def embed(path: Path, texts: list[str]) -> Tensor:
    """→ sentences [N,D] of the trained encoder"""
    encoder, known = load_encoder(path)
    return torch.cat(
        [encoder(tokens_of(texts[i : i + 512], known, encoder.config.longest)) for i in range(0, len(texts), 512)]
    )


def cached_sentences(path: Path, texts: list[str]) -> Tensor:
    """`embed` of the training descriptions, which takes a minute, kept by the encoder's hash and theirs."""
    digest = hashlib.sha256(path.read_bytes() + "\n".join(texts).encode()).hexdigest()[:12]
    cache = data.CACHE / f"sentences-faces-{digest}.pt"
    if not cache.exists():
        part = cache.with_suffix(f".{os.getpid()}.part")
        torch.save(embed(path, texts), part)
        part.replace(cache)
    return torch.load(cache)


def balance(faces: data.Faces) -> Tensor:
    """How often each face is drawn [N], 1 in the mean of the common ones: who wears a hat, more often."""
    counts = {name: sum(name in has for has in faces.attributes) / len(faces) for name in SELDOM}
    counts["No_Beard"] = 1 - counts["No_Beard"]
    weights = []
    for has in faces.attributes:
        shown = [name for name in SELDOM if (name in has) != (name == "No_Beard")]
        rarest = min((counts[name] for name in shown), default=1.0)
        weights.append(min(MOST, max(1.0, (0.2 / max(rarest, 1e-3)) ** 0.5)))
    return torch.tensor(weights)


class FaceFeed:
    """The training split in memory, and the one source of randomness, so that a checkpoint of it is a checkpoint of all
    that will be drawn."""

    def __init__(self, encoder: Path, size: int, device: torch.device, random: torch.Generator):
        faces, self.val = (data.load_faces(split, size * 17 // 16) for split in ("train", "val"))
        self.size, self.device, self.random = size, device, random
        self.pictures = torch.from_numpy(faces.pictures).to(device)
        self.told, self.val_texts = tell_all(faces), tell_all(self.val).texts
        flat = [text for of_one in self.told.texts for text in of_one]
        self.sentences = cached_sentences(encoder, flat).unflatten(0, (len(faces), -1)).to(device)
        self.weights = balance(faces)

    def pick(self, n: int) -> tuple[Tensor, Tensor]:
        """→ faces [n], one description of each [n]"""
        rows = torch.multinomial(self.weights, n, replacement=True, generator=self.random)
        return rows, torch.randint(0, self.sentences.shape[1], (n,), generator=self.random)

    def described(self, n: int) -> Tensor:
        """→ sentences [n,D]"""
        return self.sentences[self.pick(n)]

    def real(self, n: int) -> tuple[Tensor, Tensor, Tensor]:
        """→ faces [n,3,size,size] in [-1,1], sentences that are true of them [n,D], sentences that are not [n,D]"""
        rows, which = self.pick(n)
        pictures = crop_and_flip(self.pictures[rows], self.size, self.random)
        # A mismatch must say something wrong: of eight descriptions of others, the first that does.
        others = torch.randint(0, len(self.weights), (8, n), generator=self.random)
        said = torch.randint(0, self.sentences.shape[1], (8, n), generator=self.random)
        wrong = (~self.told.true_of(others, said, rows.expand(8, n))).int().argmax(0)[None]
        mismatching = self.sentences[others.gather(0, wrong)[0], said.gather(0, wrong)[0]]
        return pictures, self.sentences[rows, which], mismatching

    def normal(self, n: int, length: int) -> Tensor:
        return torch.randn(n, length, generator=self.random).to(self.device)

    def uniform(self, n: int) -> Tensor:
        """→ [n,1] in [0,1)"""
        return torch.rand(n, 1, generator=self.random).to(self.device)
