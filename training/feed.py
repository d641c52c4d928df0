"""What a text-to-image GAN is fed: photographs, captions that are theirs, captions that are not, and noise."""

from pathlib import Path

import torch
from torch import Tensor

import data
from augment import crop_and_flip
from contrary import contraries
from sentences import cached_embeddings


class Feed:
    """The training split in memory, and the one source of randomness, so that a checkpoint of it is a checkpoint of
    all that will be drawn.

    contrary: share of the mismatches that are the picture's own caption with its colours elsewhere (contrary.py)
    composed: whether such captions are to be painted, too (`compositions`)"""

    def __init__(
        self,
        encoder: Path,
        size: int,
        device: torch.device,
        random: torch.Generator,
        contrary: float = 0.0,
        composed: bool = False,
    ):
        train, self.val = (data.load("flowers", split, size * 9 // 8) for split in ("train", "val"))
        self.size, self.device, self.random = size, device, random
        self.pictures = torch.from_numpy(train.pictures).to(device)
        sentences = self.embed(encoder, train.captions)
        self.sentences = torch.cat(sentences).to(device)
        self.counts = torch.tensor([len(s) for s in sentences])
        self.starts = torch.cat([torch.zeros(1, dtype=torch.int64), self.counts.cumsum(0)[:-1]])
        self.classes = torch.from_numpy(train.classes)
        self.contrary = contrary
        if contrary or composed:
            untrue = contraries(train.captions)
            self.untrue = torch.cat(self.embed(encoder, untrue)).to(device)
            self.has_untrue = torch.tensor([bool(text) for of_one in untrue for text in of_one])

    def embed(self, encoder: Path, captions: list[list[str]]) -> list[Tensor]:
        """→ sentences of every picture's captions, each [captions,D]"""
        return cached_embeddings(encoder, captions)

    def pick(self, n: int) -> tuple[Tensor, Tensor]:
        """→ rows of pictures [n], rows of one caption for each [n]"""
        rows = torch.randint(0, len(self.counts), (n,), generator=self.random)
        return rows, self.caption_of(rows)

    def caption_of(self, rows: Tensor) -> Tensor:
        which = (torch.rand(len(rows), generator=self.random) * self.counts[rows]).long()
        return self.starts[rows] + which

    def real(self, n: int) -> tuple[Tensor, Tensor, Tensor]:
        """→ photographs [n,3,size,size] in [-1,1], sentences that are theirs [n,D], sentences that are not [n,D]"""
        rows, captions = self.pick(n)
        pictures = crop_and_flip(self.pictures[rows], self.size, self.random)
        # A mismatch is another picture's caption, of another class: within a class it may be true of this one too.
        other = torch.randint(0, len(self.counts), (8, n), generator=self.random)
        differs = (self.classes[other] != self.classes[rows]).int().argmax(0)
        mismatching = self.sentences[self.caption_of(other.gather(0, differs[None])[0])]
        if self.contrary:
            chosen = (torch.rand(n, generator=self.random) < self.contrary) & self.has_untrue[captions]
            mismatching = torch.where(chosen[:, None].to(self.device), self.untrue[captions], mismatching)
        return pictures, self.sentences[captions], mismatching

    def compositions(self, n: int) -> Tensor:
        """→ sentences of captions that nobody wrote [n,D]: contrary to one that somebody did"""
        rows = self.has_untrue.nonzero()[:, 0]
        return self.untrue[rows[torch.randint(0, len(rows), (n,), generator=self.random)]]

    def normal(self, n: int, z: int) -> Tensor:
        return torch.randn(n, z, generator=self.random).to(self.device)

    def uniform(self, n: int) -> Tensor:
        """→ [n,1] in [0,1)"""
        return torch.rand(n, 1, generator=self.random).to(self.device)
