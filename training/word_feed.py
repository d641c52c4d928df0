"""What MirrorGAN is fed: as any text-to-image GAN, and the captions' words, as STEM and as STREAM read them."""

from pathlib import Path

import torch
from torch import Tensor

from feed import Feed
from models import stream
from models.attention import ABSENT
from models.stem import PADDING, Stem, encode_all, load_stem


class WordFeed(Feed):
    """Sentences by STEM; `words` of those captions that a step paints."""

    def __init__(self, encoder: Path, size: int, device: torch.device, random: torch.Generator):
        self.stem, self.vocabulary = load_stem(encoder)
        super().__init__(encoder, size, device, random)
        self.stem.to(device)

    def embed(self, encoder: Path, captions: list[list[str]]) -> list[Tensor]:
        self.tokens = torch.cat(encode_all(captions, self.vocabulary, self.stem.config.longest))
        self.captions = captions
        return super().embed(encoder, captions)

    def say(self, captions: Tensor) -> tuple[Tensor, Tensor]:
        """rows of captions [B] → words [B,T,W] and their log-weights [B,T], T the longest of these"""
        return read(self.stem, self.tokens[captions].to(self.device))

    def tokens_for(self, vocabulary: list[str], longest: int) -> Tensor:
        """→ [captions,longest] of all captions, as STREAM is to say them"""
        places = {word: i for i, word in enumerate(vocabulary, stream.SPECIAL)}
        return torch.tensor([stream.encode(c, places, longest) for of_one in self.captions for c in of_one])


@torch.no_grad()
def read(stem: Stem, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """tokens [B,T] → words [B,T',W] and their log-weights [B,T'], T' the longest caption's length"""
    tokens = tokens[:, : int((tokens != PADDING).sum(1).max())]
    words, _ = stem(tokens)
    return words, torch.zeros(tokens.shape, device=tokens.device).masked_fill(tokens == PADDING, ABSENT)


def say(path: Path, captions: list[str]) -> tuple[Tensor, Tensor, Tensor]:
    """→ what STEM makes of captions: sentences [B,D], words [B,T,W], their log-weights [B,T]"""
    stem, vocabulary = load_stem(path)
    tokens = encode_all([[c] for c in captions], vocabulary, stem.config.longest)
    return stem(torch.cat(tokens))[1], *read(stem, torch.cat(tokens))
