"""Trains the evaluator, from pixels, on class labels and captions at once. No generator ever sees it.

    python train_evaluator.py --out out/evaluator [--epochs 45]

Writes evaluator.safetensors (float16) and log.csv. Resumes from its checkpoint when --out has one. Figures that two
evaluators give are not comparable: keep the one that a table was made with.
"""

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import data
from augment import crop_and_flip, diff_augment
from checkpoint import load_checkpoint, save_checkpoint
from metrics import r_precision
from models.evaluator import Config, Evaluator, save_evaluator
from running import descend, one_pass, warm_cosine, write_row
from text import words


def vocabulary(captions: list[list[str]], least: int = 8) -> list[str]:
    counts = Counter(word for of_one in captions for c in of_one for word in words(c))
    return sorted(word for word, n in counts.items() if n >= least)


def augmented(pictures: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """pictures [B,P,P,3] uint8 → [B,3,size,size]: a crop of ¾ to all of the edge (one scale a batch), mirrored or
    not, a little lighter or darker; hue and saturation stay."""
    edge = int(torch.randint(pictures.shape[1] * 3 // 4, pictures.shape[1] + 1, (1,), generator=generator))
    x = crop_and_flip(pictures, edge, generator)
    x = F.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=True)
    return diff_augment(x, generator, shift=0.06)


def centre(pictures: Tensor, size: int) -> Tensor:
    """pictures [B,P,P,3] uint8 → the middle [B,3,size,size] in [-1,1]"""
    margin = (pictures.shape[1] - size) // 2
    middle = pictures[:, margin : margin + size, margin : margin + size]
    return middle.permute(0, 3, 1, 2).float() / 127.5 - 1


@torch.no_grad()
def raw_features(evaluator: Evaluator, pictures: Tensor, size: int) -> Tensor:
    return torch.cat([evaluator.features(centre(part, size)) for part in pictures.split(128)])


@torch.no_grad()
def judge(evaluator: Evaluator, val: data.Captioned, classes: np.ndarray, size: int) -> dict[str, float]:
    """Class accuracy and R-precision (1 of 100) of the held-out photographs with their captions."""
    evaluator.eval()
    features = raw_features(evaluator, torch.from_numpy(val.pictures), size)
    right = (evaluator.classify(features).argmax(1).numpy() == classes).mean()
    flat = [c for of_one in val.captions for c in of_one]
    owners = np.repeat(np.arange(len(val)), [len(c) for c in val.captions])
    captions = evaluator.embed_captions(evaluator.spell(flat)).numpy()
    pictures = evaluator.embed_pictures(features).numpy()[owners]
    precision, _ = r_precision(pictures, captions, owners, captions, owners, np.random.default_rng(0), folds=3)
    return {"val_accuracy": float(right), "val_r_precision": precision}


def optimiser_of(evaluator: Evaluator, rate: float) -> torch.optim.Optimizer:
    """AdamW that lets biases and norms be"""
    decayed, rest = ([p for p in evaluator.parameters() if (p.ndim > 1) == many] for many in (True, False))
    return torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}], rate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=45, help="passes over the photographs, one caption each")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(args.seed)

    train, val = (data.load("flowers", split, args.size * 9 // 8) for split in ("train", "val"))
    pictures = torch.from_numpy(train.pictures)
    known = sorted(set(train.classes.tolist()))
    classes, classes_val = (np.searchsorted(known, part.classes) for part in (train, val))
    labels = torch.from_numpy(classes)
    evaluator = Evaluator(Config(classes=len(known)), vocabulary(train.captions))
    evaluator.to(memory_format=torch.channels_last)
    spelled = [evaluator.spell(of_one) for of_one in train.captions]
    print(f"{sum(p.numel() for p in evaluator.parameters()):,} parameters, {len(evaluator.vocabulary)} words")

    optimiser = optimiser_of(evaluator, args.rate)
    steps = max(1, args.epochs * (len(train) // args.batch))
    schedule = warm_cosine(optimiser, steps, warm=100)
    state = {"evaluator": evaluator, "optimiser": optimiser, "schedule": schedule}
    generator = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, generator)

    def losses(rows: Tensor) -> tuple[Tensor, Tensor]:
        picked = torch.stack(
            [spelled[r][int(torch.randint(0, len(spelled[r]), (1,), generator=generator))] for r in rows.tolist()]
        )
        with torch.autocast("cpu", torch.bfloat16):
            found = evaluator.features(augmented(pictures[rows], args.size, generator))
        found = F.dropout(found, args.dropout)
        kind = F.cross_entropy(evaluator.classify(found), labels[rows], label_smoothing=0.1)
        scale = evaluator.temperature.exp().clamp(max=100)
        # Other photographs of the class stay negatives here: what tells them apart is colour and layout.
        logits = scale * evaluator.embed_captions(picked, args.dropout) @ evaluator.embed_pictures(found).T
        own = torch.arange(len(rows))
        return kind, (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2

    def step(rows: Tensor) -> dict[str, Tensor]:
        kind, match = losses(rows)
        descend(kind + match, list(evaluator.parameters()), optimiser, schedule)
        return {"loss_class": kind, "loss_match": match}

    args.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(first, args.epochs):
        evaluator.train()
        begun = time.process_time()
        row = {"epoch": epoch + 1} | one_pass(len(train), args.batch, generator, step)
        row["cpu_seconds"] = time.process_time() - begun
        if epoch % 5 == 4 or epoch + 1 == args.epochs:
            row |= judge(evaluator, val, classes_val, args.size)
            save_checkpoint(args.out / "checkpoint.pt", state, epoch + 1, generator, {})
            write_row(args.out, row)
        else:
            print(row, flush=True)

    figures = judge(evaluator, val, classes_val, args.size)
    found = raw_features(evaluator, pictures, args.size)
    figures["train_accuracy"] = float((evaluator.classify(found).argmax(1) == labels).float().mean())
    evaluator.mean.copy_(found.mean(0))
    evaluator.deviation.copy_(found.std(0) + 1e-6)
    save_evaluator(args.out / "evaluator.safetensors", evaluator, figures)
    print({k: round(v, 4) for k, v in figures.items()})


if __name__ == "__main__":
    main()
