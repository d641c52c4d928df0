"""Trains T2F's text encoder: a description lies close to its face, far from faces of which it is not true (symmetric
InfoNCE), and what it says can be read off its sentence.

    python train_face_encoder.py --out out/face-encoder [--epochs 25]

A face is here its pooled features in a frozen ImageNet network, which see little of a smile or of glasses, and beside
them its attributes. Writes encoder.safetensors (float32), landed.safetensors (float16) and log.csv. Resumes from its
checkpoint when --out has one.
"""

import argparse
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data
from checkpoint import load_checkpoint, save_checkpoint
from face_attributes import ATTRIBUTES, bit_table
from face_feed import Told, tell_all, tokens_of, vocabulary
from models.squeezenet import TAPS, SqueezeNet
from models.stem import PADDING, SPECIAL, UNKNOWN
from models.t2f_encoder import Config, T2fEncoder, save_encoder
from running import descend, one_pass, warm_cosine, write_row
from train_text_encoder import POOLED, pooled_features, r_precision

# As the generator sees them.
LOOK = 68


def cached_face_features(split: str, faces: data.Faces) -> Tensor:
    """→ [2N,F] as `pooled_features` has them, standardised by nobody yet"""
    key = data.key_of(data.DATA / "faces", faces.names, faces.pictures.shape[1])
    path = data.CACHE / f"pooled-faces-{split}-{key}.pt"
    if not path.exists():
        network = SqueezeNet(data.DATA / "imagenet-features" / "squeezenet_v1_0.npz", torch.bfloat16)
        torch.save(pooled_features(faces.pictures, network), path)
    return torch.load(path)


def with_strangers(tokens: Tensor, rate: float, generator: torch.Generator) -> Tensor:
    """tokens [B,T] → [B,T']: a share `rate` of words hidden, and between the words of half the descriptions up to eight
    that nobody knows, so that free prose ("maybe an actress, who …") does not drown what is understood."""
    rows = []
    for row in tokens:
        said = row[row != PADDING]
        hidden = torch.rand(len(said), generator=generator) < rate
        said = torch.where(hidden, UNKNOWN, said)
        if torch.rand((), generator=generator) < 0.5:
            count = int(torch.randint(1, 9, (), generator=generator))
            places = torch.cat(
                [torch.arange(len(said)), torch.rand(count, generator=generator) * (len(said) + 1) - 0.5]
            )
            said = torch.cat([said, torch.full((count,), UNKNOWN)])[places.argsort(stable=True)]
        rows.append(said)
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PADDING)


def claims(told: Told) -> Tensor:
    """→ [N,10,40]: 0 not said, 1 said to be there, 2 said not to be"""
    return bit_table(told.present) + 2 * bit_table(told.absent)


def contrast(text: Tensor, picture: Tensor, scale: Tensor, honest: Tensor) -> Tensor:
    """Symmetric InfoNCE. text, picture [B,D]; honest [B,B]: is description i wrong about face j?"""
    logits = scale.exp().clamp(max=100) * F.normalize(text, dim=1) @ F.normalize(picture, dim=1).T
    own = torch.arange(len(text))
    logits = logits.masked_fill(~honest & ~torch.eye(len(text), dtype=torch.bool), -1e4)
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=25, help="passes over the faces, one description each")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--unknown", type=float, default=0.04, help="share of words that training hides")
    parser.add_argument("--claims", type=float, default=10.0, help="weight of reading off what is said")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)

    train, val = (data.load_faces(split, LOOK) for split in ("train", "val"))
    told, told_val = tell_all(train), tell_all(val)
    known = vocabulary(told.texts)
    config = Config(vocabulary=SPECIAL + len(known))
    features, features_val = cached_face_features("train", train), cached_face_features("val", val)
    center, spread = features.mean(0), features.std(0) + 1e-6
    features, features_val = (features - center) / spread, (features_val - center)[: len(val)] / spread
    shows, shows_val = (bit_table(t.attributes).float() * 2 - 1 for t in (told, told_val))
    said, said_val = claims(told), claims(told_val)
    tokens, tokens_val = (
        tokens_of([text for of_one in t.texts for text in of_one], known, config.longest).view(len(t.texts), 10, -1)
        for t in (told, told_val)
    )

    encoder = T2fEncoder(config)
    sides = nn.ModuleDict(
        {
            "features": nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * sum(TAPS[t] for t in POOLED), config.sentence)),
            "attributes": nn.Sequential(nn.Dropout(0.2), nn.Linear(len(ATTRIBUTES), config.sentence)),
            "claims": nn.Linear(config.sentence, 3 * len(ATTRIBUTES)),
        }
    )
    sides.register_parameter("temperature", nn.Parameter(torch.tensor(math.log(1 / 0.07))))
    parameters = [*encoder.parameters(), *sides.parameters()]
    optimiser = torch.optim.AdamW(parameters, args.rate, weight_decay=0.02)
    batches = len(train) // args.batch
    steps = max(1, args.epochs * batches)
    schedule = warm_cosine(optimiser, steps, warm=50)
    state = {"encoder": encoder, "sides": sides, "optimiser": optimiser, "schedule": schedule}
    generator = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, generator)

    def picture_side(f: Tensor, shown: Tensor) -> Tensor:
        return sides["features"](f) + sides["attributes"](shown)

    def reads(text: Tensor) -> Tensor:
        return sides["claims"](text).view(len(text), len(ATTRIBUTES), 3)

    def loss_of(rows: Tensor) -> Tensor:
        which = torch.randint(0, tokens.shape[1], (len(rows),), generator=generator)
        mirrored = torch.randint(0, 2, (len(rows),), generator=generator) * len(train)
        text = encoder.raw(with_strangers(tokens[rows, which], args.unknown, generator), args.dropout)
        everyone = rows.expand(len(rows), -1)
        honest = ~told.true_of(everyone.T, which[:, None].expand_as(everyone), everyone)
        near = contrast(text, picture_side(features[rows + mirrored], shows[rows]), sides.temperature, honest)
        return near + args.claims * F.cross_entropy(reads(text).flatten(0, 1), said[rows, which].flatten())

    def step(rows: Tensor) -> dict[str, Tensor]:
        loss = loss_of(rows)
        descend(loss, parameters, optimiser, schedule)
        return {"loss": loss}

    @torch.no_grad()
    def judge() -> dict[str, float]:
        """Of held-out faces: R-precision, and the share of claims that are read off rightly."""
        encoder.eval()
        sides.eval()
        texts = encoder.raw(tokens_val[:, 5])
        found = F.normalize(picture_side(features_val, shows_val), dim=1)
        every = reads(encoder.raw(tokens_val.flatten(0, 1))).argmax(2)
        claimed = said_val.flatten(0, 1)
        right = (every == claimed)[claimed > 0].float().mean()
        return {"val_r_precision": r_precision(F.normalize(texts, dim=1), found, folds=2), "val_claims": float(right)}

    args.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(first, args.epochs):
        encoder.train()
        sides.train()
        begun = time.time()
        row = {"epoch": epoch + 1} | one_pass(len(train), args.batch, generator, step)
        write_row(args.out, row | judge() | {"seconds": time.time() - begun})
        save_checkpoint(args.out / "checkpoint.pt", state, epoch + 1, generator, {})

    # Mean 0, deviation 1 in every dimension over the training descriptions: no generator ever sees another scale.
    encoder.eval()
    with torch.no_grad():
        raw = torch.cat([encoder.raw(part) for part in tokens.flatten(0, 1).split(1024)])
        encoder.mean.copy_(raw.mean(0))
        encoder.deviation.copy_(raw.std(0))
    save_encoder(args.out / "encoder.safetensors", encoder, known, torch.float32)
    save_encoder(args.out / "landed.safetensors", encoder, known, torch.float16)


if __name__ == "__main__":
    main()
