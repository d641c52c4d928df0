"""Trains the evaluator of faces, from pixels, on attributes and on descriptions at once. No generator ever sees it.

    python train_face_evaluator.py --out out/face-evaluator [--epochs 16]

Writes evaluator.safetensors (float16) and log.csv. Resumes from its checkpoint when --out has one. Figures that two
evaluators give are not comparable: keep the one that a table was made with.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import data
from checkpoint import load_checkpoint, save_checkpoint
from face_attributes import ATTRIBUTES, bit_table
from face_feed import Told, tell_all, vocabulary
from metrics import r_precision
from models.evaluator import Config, Evaluator, save_evaluator
from running import descend, one_pass, warm_cosine, write_row
from train_evaluator import augmented, optimiser_of, raw_features
from train_face_encoder import contrast

SIZE = 64
STORED = SIZE * 17 // 16


@torch.no_grad()
def judge(evaluator: Evaluator, val: data.Faces, told: Told) -> dict[str, float]:
    """Of the held-out faces: balanced accuracy over all attributes, and R-precision (1 of 100)."""
    evaluator.eval()
    features = raw_features(evaluator, torch.from_numpy(val.pictures), SIZE)
    shown = bit_table(told.attributes).bool()
    right = (evaluator.classify(features) > 0) == shown
    both = [right[shown[:, i] == there, i].float().mean() for i in range(len(ATTRIBUTES)) for there in (True, False)]
    flat = [text for of_one in told.texts for text in of_one]
    owners = np.repeat(np.arange(len(val)), [len(of_one) for of_one in told.texts])
    captions = evaluator.embed_captions(evaluator.spell(flat)).numpy()
    pictures = evaluator.embed_pictures(features).numpy()[owners]
    precision, _ = r_precision(pictures, captions, owners, captions, owners, np.random.default_rng(0), folds=3)
    balanced = torch.stack(both).nanmean()  # an attribute that no held-out face has says nothing
    return {"val_accuracy": float(right.float().mean()), "val_balanced": float(balanced), "val_r_precision": precision}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=16, help="passes over the faces, one description each")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(args.seed)

    train, val = (data.load_faces(split, STORED) for split in ("train", "val"))
    told, told_val = tell_all(train), tell_all(val)
    pictures = torch.from_numpy(train.pictures)
    shown = bit_table(told.attributes).float()
    evaluator = Evaluator(Config(classes=len(ATTRIBUTES), length=48), vocabulary(told.texts))
    evaluator.to(memory_format=torch.channels_last)
    spelled = torch.stack([evaluator.spell(of_one) for of_one in told.texts])  # [N,10,length]
    # What few faces have weighs more, up to thrice: a hat that is missed must cost something.
    often = shown.mean(0).clamp(min=1e-3)
    weight = ((1 - often) / often).sqrt().clamp(1, 3)

    optimiser = optimiser_of(evaluator, args.rate)
    steps = max(1, args.epochs * (len(train) // args.batch))
    schedule = warm_cosine(optimiser, steps, warm=100)
    state = {"evaluator": evaluator, "optimiser": optimiser, "schedule": schedule}
    generator = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, generator)

    def losses(rows: Tensor) -> tuple[Tensor, Tensor]:
        which = torch.randint(0, spelled.shape[1], (len(rows),), generator=generator)
        with torch.autocast("cpu", torch.bfloat16):
            found = evaluator.features(augmented(pictures[rows], SIZE, generator))
        found = F.dropout(found, args.dropout)
        kind = F.binary_cross_entropy_with_logits(evaluator.classify(found), shown[rows], pos_weight=weight)
        everyone = rows.expand(len(rows), -1)
        honest = ~told.true_of(everyone.T, which[:, None].expand_as(everyone), everyone)
        said = evaluator.embed_captions(spelled[rows, which], args.dropout)
        return kind, contrast(said, evaluator.embed_pictures(found), evaluator.temperature, honest)

    def step(rows: Tensor) -> dict[str, Tensor]:
        kind, match = losses(rows)
        descend(kind * 4 + match, list(evaluator.parameters()), optimiser, schedule)
        return {"loss_attributes": kind, "loss_match": match}

    args.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(first, args.epochs):
        evaluator.train()
        begun = time.process_time()
        row = {"epoch": epoch + 1} | one_pass(len(train), args.batch, generator, step)
        row |= {"cpu_seconds": time.process_time() - begun} | judge(evaluator, val, told_val)
        save_checkpoint(args.out / "checkpoint.pt", state, epoch + 1, generator, {})
        write_row(args.out, row)

    figures = judge(evaluator, val, told_val)
    found = raw_features(evaluator, pictures, SIZE)
    evaluator.mean.copy_(found.mean(0))
    evaluator.deviation.copy_(found.std(0) + 1e-6)
    save_evaluator(args.out / "evaluator.safetensors", evaluator, figures)
    print({k: round(v, 4) for k, v in figures.items()})


if __name__ == "__main__":
    main()
