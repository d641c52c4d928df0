"""Teaches a trained text encoder more words without moving what it says of those that it knows: a text in other words
is to have the sentence of the text as it was written. The generators that were trained on its sentences stay."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checkpoint import load_checkpoint, save_checkpoint
from models.stem import UNKNOWN
from running import descend, warm_cosine, write_row

Read = Callable[[Tensor], Tensor]


def arguments(description: str | None, steps: int, rate: float) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True, help="as its trainer left it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=192, help="texts; a third of them as they were written")
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def widen(
    args: argparse.Namespace,
    encoder: nn.Module,
    teacher: nn.Module,
    pairs: Callable[[int, torch.Generator], tuple[Tensor, Tensor]],
    judge: Callable[[], dict[str, float]],
    read: Callable[[nn.Module, Tensor], Tensor] = lambda module, rows: module(rows),
) -> None:
    """pairs: (step, random) → rows of a batch of texts as the teacher reads them [B,·], and rows of the same texts,
    some in other words, as the encoder reads them [B,·]; judge: figures on held-out texts. Goes on from a
    checkpoint."""
    parameters = list(encoder.parameters())
    optimiser = torch.optim.Adam(parameters, args.rate)
    schedule = warm_cosine(optimiser, args.steps, warm=50)
    state = {"encoder": encoder, "optimiser": optimiser, "schedule": schedule}
    random = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, random)
    args.out.mkdir(parents=True, exist_ok=True)
    if first == 0:
        write_row(args.out, {"step": 0, "loss": float("nan")} | judge() | {"seconds": 0.0})
    begun, total = time.process_time(), 0.0
    for step in range(first, args.steps):
        plain, other = pairs(step, random)
        with torch.no_grad():
            aims = read(teacher, plain).float()
        loss = F.mse_loss(read(encoder, other).float(), aims)
        descend(loss, parameters, optimiser, schedule)
        total += float(loss.detach())
        if (step + 1) % args.save_every == 0 or step + 1 == args.steps:
            row = {"step": step + 1, "loss": total / ((step % args.save_every) + 1)} | judge()
            write_row(args.out, row | {"seconds": time.process_time() - begun})
            begun, total = time.process_time(), 0.0
            save_checkpoint(args.out / "checkpoint.pt", state, step + 1, random, {})


def alike(found: Tensor, aims: Tensor) -> float:
    """Mean cosine of sentences [N,D] with what they are to be"""
    return float(F.cosine_similarity(found, aims).mean())


def with_new_words(weights: dict[str, Tensor], count: int) -> dict[str, Tensor]:
    """An encoder's weights with room for `count` words behind its own; a new word is at first an unknown one"""
    strangers = weights["words.weight"][UNKNOWN].expand(count, -1)
    return weights | {"words.weight": torch.cat([weights["words.weight"], strangers])}
