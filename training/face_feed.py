"""What T2F is fed: faces, descriptions that are true of them, descriptions that are not, and noise."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import data
from augment import crop_and_flip
from face_attributes import bits
from face_contrary import contraries_of
from face_sentences import portraits_of, sentences_of
from models.stem import PADDING, SPECIAL, encode
from sentences import cached_embeddings
from text import words

# Who is seldom is shown more often: up to so many times as often as chance would.
MOST = 3.0
SELDOM = ("Bald", "Eyeglasses", "Goatee", "Gray_Hair", "Mustache", "Wearing_Hat", "Blond_Hair", "No_Beard")


def vocabulary(texts: list[list[str]]) -> list[str]:
    return sorted({word for of_one in texts for text in of_one for word in words(text)})


@dataclass(frozen=True)
class Told:
    """Ten descriptions a face, or more: `texts` [N][10]; what each claims as bits, `present` and `absent` [N,10]; what
    is true of the faces, `attributes` [N]."""

    texts: list[list[str]]
    present: Tensor
    absent: Tensor
    attributes: Tensor

    def true_of(self, rows: Tensor, which: Tensor, faces: Tensor) -> Tensor:
        """Does description `which` of face `rows` say nothing wrong of `faces`? All of one shape, → the same."""
        there = self.attributes[faces]
        return (self.present[rows, which] & ~there | self.absent[rows, which] & there) == 0


def tell_all(faces: data.Faces, portraits: int = 0) -> Told:
    """portraits: how many of a face stand behind its ten descriptions"""
    said = [
        sentences_of(has, name) + portraits_of(has, name, portraits)
        for has, name in zip(faces.attributes, faces.names, strict=True)
    ]
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
    that will be drawn.

    contrary: share of the mismatches that are nearly the face's own description (face_contrary.py)"""

    def __init__(self, encoder: Path, size: int, device: torch.device, random: torch.Generator, contrary: float = 0.0):
        faces, held = (data.load_faces(split, size * 17 // 16) for split in ("train", "val"))
        self.size, self.device, self.random = size, device, random
        self.pictures = torch.from_numpy(faces.pictures).to(device)
        self.told = tell_all(faces)
        self.val = data.Captioned(held.pictures, tell_all(held).texts, np.arange(len(held)), held.names)
        sentences = torch.stack(cached_embeddings(encoder, self.told.texts)).to(device)
        self.each = sentences.shape[1]
        self.sentences = sentences.flatten(0, 1)
        self.weights = balance(faces)
        self.contrary = contrary
        if contrary:
            texts = [
                [said.text for said in contraries_of(has, name)]
                for has, name in zip(faces.attributes, faces.names, strict=True)
            ]
            self.untrue = torch.cat(cached_embeddings(encoder, texts)).to(device)

    def pick(self, n: int) -> tuple[Tensor, Tensor]:
        """→ rows of faces [n], rows of one description of each [n]"""
        rows = torch.multinomial(self.weights, n, replacement=True, generator=self.random)
        return rows, rows * self.each + torch.randint(0, self.each, (n,), generator=self.random)

    def described(self, n: int) -> Tensor:
        """→ sentences [n,D]"""
        return self.sentences[self.pick(n)[1]]

    def real(self, n: int) -> tuple[Tensor, Tensor, Tensor]:
        """→ faces [n,3,size,size] in [-1,1], sentences that are true of them [n,D], sentences that are not [n,D]"""
        rows, own = self.pick(n)
        pictures = crop_and_flip(self.pictures[rows], self.size, self.random)
        # A mismatch must say something wrong: of eight descriptions of others, the first that does.
        others = torch.randint(0, len(self.weights), (8, n), generator=self.random)
        said = torch.randint(0, self.each, (8, n), generator=self.random)
        wrong = (~self.told.true_of(others, said, rows.expand(8, n))).int().argmax(0)[None]
        mismatching = self.sentences[(others * self.each + said).gather(0, wrong)[0]]
        if self.contrary:
            chosen = torch.rand(n, generator=self.random) < self.contrary
            mismatching = torch.where(chosen[:, None].to(self.device), self.untrue[own], mismatching)
        return pictures, self.sentences[own], mismatching

    def normal(self, n: int, length: int) -> Tensor:
        return torch.randn(n, length, generator=self.random).to(self.device)

    def uniform(self, n: int) -> Tensor:
        """→ [n,1] in [0,1)"""
        return torch.rand(n, 1, generator=self.random).to(self.device)
