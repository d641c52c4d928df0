"""Trains the char-CNN-RNN: captions and photographs of one flower lie close, others far (symmetric InfoNCE).

    python train_text_encoder.py --out out/text-encoder [--epochs 30]

Writes encoder.safetensors (float32), landed.safetensors (float16, small enough to keep) and log.csv. Resumes from its
checkpoint when --out has one.
"""

import argparse
import math
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data
from checkpoint import load_checkpoint, save_checkpoint, save_weights
from models.char_cnn_rnn import CharCnnRnn, Config
from models.squeezenet import TAPS, SqueezeNet
from running import descend, one_pass, warm_cosine, write_row
from sentences import encode_all

POOLED = ("conv1", "fire3", "fire5", "fire7", "fire9")


@torch.no_grad()
def pooled_features(pictures: np.ndarray, network: SqueezeNet) -> Tensor:
    """pictures [N,S,S,3] uint8 → [2N, 2·ΣC]: mean over all places and over the central quarter, where the flower
    mostly is; the first N as they are, the second N mirrored."""
    rows = []
    for mirrored in (False, True):
        for start in range(0, len(pictures), 32):
            x = torch.from_numpy(pictures[start : start + 32]).permute(0, 3, 1, 2).float() / 127.5 - 1
            found = network(x.flip(3) if mirrored else x, POOLED)
            parts = []
            for tap in POOLED:
                f = torch.log1p(found[tap].float())
                h = f.shape[2]
                middle = f[:, :, h // 4 : h - h // 4, h // 4 : h - h // 4]
                parts += [f.mean((2, 3)), middle.mean((2, 3))]
            rows.append(torch.cat(parts, 1))
    return torch.cat(rows)


def cached_features(split: str, weights: Path) -> Tensor:
    path = data.CACHE / f"pooled-{split}-{data.flowers_key(split)}.pt"
    if not path.exists():
        network = SqueezeNet(weights, torch.bfloat16)
        features = pooled_features(data.load("flowers", split, 160).pictures, network)
        torch.save(features, path)
    return torch.load(path)


def with_typos(characters: Tensor, rate: float, generator: torch.Generator) -> Tensor:
    """A share `rate` of the captions lose one character, so that a slip of the finger does not matter."""
    out = characters.clone()
    for row in torch.nonzero(torch.rand(len(out), generator=generator) < rate).flatten().tolist():
        length = int((out[row] > 0).sum())
        if length > 8:
            at = int(torch.randint(0, length - 1, (1,), generator=generator))
            out[row, at:-1] = characters[row, at + 1 :]
    return out


def r_precision(texts: Tensor, pictures: Tensor, among: int = 100, folds: int = 10, seed: int = 0) -> float:
    """How often a caption's own photograph is the nearest of `among`. texts, pictures [N,D], unit rows."""
    generator = torch.Generator().manual_seed(seed)
    hits = []
    for _ in range(folds):
        for i in range(len(texts)):
            others = torch.randperm(len(pictures), generator=generator)[:among]
            others = others[others != i][: among - 1]
            hits.append(float((pictures[others] @ texts[i]).max() < pictures[i] @ texts[i]))
    return float(np.mean(hits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=30, help="passes over the photographs, one caption each")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--typos", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    weights = data.DATA / "imagenet-features" / "squeezenet_v1_0.npz"

    train, val = data.load("flowers", "train", 72), data.load("flowers", "val", 72)
    features, features_val = cached_features("train", weights), cached_features("val", weights)[: len(val)]
    center, spread = features.mean(0), features.std(0) + 1e-6
    features, features_val = (features - center) / spread, (features_val - center) / spread
    characters, characters_val = encode_all(train.captions), encode_all(val.captions)
    classes = torch.from_numpy(train.classes)

    config = Config()
    encoder = CharCnnRnn(config)
    picture_side = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * sum(TAPS[t] for t in POOLED), config.embedding))
    temperature = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
    parameters = [*encoder.parameters(), *picture_side.parameters(), temperature]
    optimiser = torch.optim.AdamW(parameters, args.rate, weight_decay=0.02)
    steps = args.epochs * (len(train) // args.batch)
    schedule = warm_cosine(optimiser, steps, warm=50)
    state = {"encoder": encoder, "picture_side": picture_side, "optimiser": optimiser, "schedule": schedule}
    generator = torch.Generator().manual_seed(args.seed)
    first, extra = load_checkpoint(args.out / "checkpoint.pt", state, generator)
    if extra:
        temperature.data.copy_(extra["temperature"])

    def loss_of(rows: Tensor) -> Tensor:
        picked = torch.stack(
            [characters[r][int(torch.randint(0, len(characters[r]), (1,), generator=generator))] for r in rows.tolist()]
        )
        mirrored = torch.randint(0, 2, (len(rows),), generator=generator) * len(train)
        with torch.autocast("cpu", torch.bfloat16):
            text = encoder.raw(with_typos(picked, args.typos, generator), args.dropout)
        text = F.normalize(text.float(), dim=1)
        picture = F.normalize(picture_side(features[rows + mirrored]), dim=1)
        logits = temperature.exp().clamp(max=100) * text @ picture.T
        # Another photograph of the same class is no honest negative.
        same = (classes[rows][:, None] == classes[rows][None]) & ~torch.eye(len(rows), dtype=torch.bool)
        logits = logits.masked_fill(same, -1e4)
        target = torch.arange(len(rows))
        return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2

    def step(rows: Tensor) -> dict[str, Tensor]:
        loss = loss_of(rows)
        descend(loss, parameters, optimiser, schedule)
        return {"loss": loss}

    args.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(first, args.epochs):
        encoder.train()
        picture_side.train()
        begun = time.time()
        row = {"epoch": epoch + 1} | one_pass(len(train), args.batch, generator, step)
        encoder.eval()
        picture_side.eval()
        with torch.no_grad():
            texts = F.normalize(encoder.raw(torch.stack([c[epoch % len(c)] for c in characters_val])), dim=1)
            score = r_precision(texts, F.normalize(picture_side(features_val), dim=1), folds=2)
        write_row(args.out, row | {"val_r_precision": score, "seconds": time.time() - begun})
        save_checkpoint(args.out / "checkpoint.pt", state, epoch + 1, generator, {"temperature": temperature.data})

    # Mean 0, deviation 1 in every dimension over the training captions: no generator ever sees another scale.
    encoder.eval()
    with torch.no_grad():
        raw = torch.cat([encoder.raw(torch.cat(characters[i : i + 50])) for i in range(0, len(train), 50)])
        encoder.mean.copy_(raw.mean(0))
        encoder.deviation.copy_(raw.std(0))
    metadata = {"config": asdict(config)}
    save_weights(args.out / "encoder.safetensors", encoder.state_dict(), metadata)
    save_weights(args.out / "landed.safetensors", encoder.state_dict(), metadata, torch.float16)


if __name__ == "__main__":
    main()
