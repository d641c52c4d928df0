"""Captions as the generator gets them: characters, then sentences of the trained text encoder."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

import data
from checkpoint import load_weights
from models import char_cnn_rnn
from models.stem import encode_all as stem_rows
from models.stem import load_stem
from models.t2f_encoder import load_encoder
from text import encode_characters


def encode_all(captions: list[list[str]]) -> list[Tensor]:
    return [torch.tensor([encode_characters(c) for c in of_one], dtype=torch.int64) for of_one in captions]


Reader = Callable[[Tensor], Tensor]


def load_reader(path: Path) -> tuple[Reader, Callable[[list[list[str]]], list[Tensor]]]:
    """→ (what a text encoder's sentence is, rows [B,·] → [B,D]; captions as the rows that it reads). The char-CNN-RNN
    reads letters; STEM and T2F's encoder read words, STEM from both ends."""
    weights, metadata = load_weights(path)
    if "vocabulary" in metadata and "lstm.weight_ih_l0_reverse" not in weights:
        encoder, words = load_encoder(path)

        def read(rows: Tensor) -> Tensor:
            with torch.autocast("cpu", enabled=False):  # a packed LSTM has no bfloat16
                return encoder(rows)

        return read, lambda captions: stem_rows(captions, words, encoder.config.longest)
    if "vocabulary" in metadata:
        stem, words = load_stem(path)
        return lambda rows: stem(rows)[1], lambda captions: stem_rows(captions, words, stem.config.longest)
    config = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}
    encoder = char_cnn_rnn.CharCnnRnn(char_cnn_rnn.Config(**config))
    encoder.load_state_dict(weights)
    return encoder.eval(), encode_all


@torch.no_grad()
def embed_captions(path: Path, captions: list[list[str]]) -> list[Tensor]:
    """Sentences of every picture's captions, each [captions,D], in the order given."""
    read, rows_of = load_reader(path)
    rows = rows_of(captions)
    sentences: list[Tensor] = []
    for i in range(0, len(rows), 50):
        with torch.autocast("cpu", torch.bfloat16):
            out = read(torch.cat(rows[i : i + 50])).float()
        sentences += list(out.split([len(r) for r in rows[i : i + 50]]))
    return sentences


def cached_embeddings(path: Path, captions: list[list[str]]) -> list[Tensor]:
    """`embed_captions` of the training captions, which takes a minute, kept by the encoder's hash and theirs."""
    texts = "\n".join("\n".join(of_one) for of_one in captions).encode()
    cache = data.CACHE / f"sentences-{hashlib.sha256(path.read_bytes() + texts).hexdigest()[:12]}.pt"
    if not cache.exists():
        part = cache.with_suffix(f".{os.getpid()}.part")
        torch.save(embed_captions(path, captions), part)
        part.replace(cache)
    return torch.load(cache)
