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
from text import encode_characters


def encode_all(captions: list[list[str]]) -> list[Tensor]:
    return [torch.tensor([encode_characters(c) for c in of_one], dtype=torch.int64) for of_one in captions]


@torch.no_grad()
def embed_captions(path: Path, captions: list[list[str]]) -> list[Tensor]:
    """Sentences of every picture's captions, each [captions, 256], in the order given."""
    weights, metadata = load_weights(path)
    config = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}
    encoder = char_cnn_rnn.CharCnnRnn(char_cnn_rnn.Config(**config))
    encoder.load_state_dict(weights)
    encoder.eval()
    rows = encode_all(captions)
    sentences = []
    for i in range(0, len(rows), 50):
        with torch.autocast("cpu", torch.bfloat16):
            out = encoder(torch.cat(rows[i : i + 50])).float()
        sentences += list(out.split([len(r) for r in rows[i : i + 50]]))
    return sentences


Embed = Callable[[Path, list[list[str]]], list[Tensor]]


def cached_embeddings(path: Path, captions: list[list[str]], embed: Embed = embed_captions) -> list[Tensor]:
    """`embed` of the training captions, which takes a minute, kept by the encoder's hash."""
    cache = data.CACHE / f"sentences-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.pt"
    if not cache.exists():
        part = cache.with_suffix(f".{os.getpid()}.part")
        torch.save(embed(path, captions), part)
        part.replace(cache)
    return torch.load(cache)
