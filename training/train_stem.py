"""Trains STEM, which reads words: the whole caption lies close to its photograph (symmetric InfoNCE, pooled features)
and says what the char-CNN-RNN says, so that what was trained upon that one can go on; each word lies close to some
place of its photograph (InfoNCE over places).

    python train_stem.py --out out/stem [--epochs 10]

Writes landed.safetensors (STEM, float16), regions.safetensors (the picture's side, for training) and log.csv. Resumes
from its checkpoint when --out has one.
"""

import argparse
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data
from checkpoint import load_checkpoint, save_checkpoint, save_weights
from models.regions import KEPT, LOOK, LOOKED_AT, Regions, places_of
from models.squeezenet import TAPS, SqueezeNet
from models.stem import PADDING, SPECIAL, Config, Stem, encode_all, save_stem
from running import descend, one_pass, warm_cosine, write_row
from sentences import cached_embeddings
from train_stream import vocabulary
from train_text_encoder import POOLED, cached_features, r_precision

# Of cosines: over the places of a picture, over the words of a caption, over the pictures of a batch.
PLACES, WORDS, PICTURES = 12.0, 5.0, 10.0


@torch.no_grad()
def cached_places(split: str, weights: Path, regions: Regions) -> Tensor:
    """→ [N,GRID²,KEPT] float16 of a split's photographs; where it is the first time, `regions` is fitted to them."""
    path = data.CACHE / f"places-{split}-{data.flowers_key(split)}.pt"
    if not path.exists():
        network = SqueezeNet(weights, torch.bfloat16)
        pictures = torch.from_numpy(data.load("flowers", split, 160).pictures)

        def look_at(rows: Tensor) -> Tensor:
            x = rows.permute(0, 3, 1, 2).float() / 127.5 - 1
            return places_of(network(F.interpolate(x, (LOOK, LOOK), mode="area"), LOOKED_AT))

        if split == "train":
            some = pictures[:: max(1, len(pictures) // 400)]
            regions.fit(torch.cat([look_at(part) for part in some.split(32)]).flatten(0, 1))
        reduced = torch.cat([regions.reduce(look_at(part)).half() for part in pictures.split(32)])
        torch.save({"places": reduced, "center": regions.center, "basis": regions.basis}, path)
    kept = torch.load(path)
    regions.center.copy_(kept["center"])
    regions.basis.copy_(kept["basis"])
    return kept["places"]


def relevance(words: Tensor, here: Tensor, regions: Tensor) -> Tensor:
    """words [A,T,W], here [A,T], regions [B,N,W] unit → how well each caption's words are found in each picture [A,B]:
    a word counts by its best places, a caption by its best words"""
    a, t, w = words.shape
    cosines = F.normalize(words, dim=2).reshape(a * t, w) @ regions.flatten(0, 1).T
    cosines = cosines.view(a, t, len(regions), -1)  # [A,T,B,N]
    best = (PLACES * cosines).logsumexp(3) / PLACES  # [A,T,B]
    best = best.masked_fill(~here[:, :, None], -1e4)
    return (WORDS * best).logsumexp(1) / WORDS


def info_nce(logits: Tensor, same: Tensor) -> Tensor:
    """logits [B,B], the diagonal's are the true ones; same [B,B]: True where a photograph is no honest negative"""
    logits = logits.masked_fill(same, -1e4)
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=Path(__file__).parent / "weights" / "text-encoder.safetensors")
    parser.add_argument("--epochs", type=int, default=10, help="passes over the photographs")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--captions", type=int, default=3, help="of a photograph in one step")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--unknown", type=float, default=0.03, help="share of words that training hides")
    parser.add_argument("--distil", type=float, default=1.0, help="weight of the char-CNN-RNN's sentence")
    parser.add_argument("--seed", type=int, default=21)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    weights = data.DATA / "imagenet-features" / "squeezenet_v1_0.npz"

    train, val = data.load("flowers", "train", 72), data.load("flowers", "val", 72)
    known = vocabulary(train.captions)
    config = Config(vocabulary=SPECIAL + len(known))
    stem, regions = Stem(config), Regions(2 * config.hidden)
    places = cached_places("train", weights, regions)
    features = cached_features("train", weights)
    center, spread = features.mean(0), features.std(0) + 1e-6
    features = (features - center) / spread
    features_val = (cached_features("val", weights)[: len(val)] - center) / spread
    tokens, tokens_val = (encode_all(split.captions, known, config.longest) for split in (train, val))
    aims = cached_embeddings(args.encoder, train.captions)
    classes = torch.from_numpy(train.classes)

    picture_side = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * sum(TAPS[t] for t in POOLED), config.sentence))
    temperature = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
    picture_side.register_parameter("temperature", temperature)
    parameters = [*stem.parameters(), *regions.parameters(), *picture_side.parameters()]
    optimiser = torch.optim.AdamW(parameters, args.rate, weight_decay=0.02)
    steps = args.epochs * (len(train) // args.batch)
    schedule = warm_cosine(optimiser, steps, warm=50)
    state = {
        "stem": stem,
        "regions": regions,
        "picture_side": picture_side,
        "optimiser": optimiser,
        "schedule": schedule,
    }
    generator = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, generator)

    def losses_of(rows: Tensor) -> dict[str, Tensor]:
        same = (classes[rows][:, None] == classes[rows][None]) & ~torch.eye(len(rows), dtype=torch.bool)
        mirrored = torch.randint(0, 2, (len(rows),), generator=generator) * len(train)
        picture = F.normalize(picture_side(features[rows + mirrored]), dim=1)
        seen = regions(places[rows].float())
        total = {"sentence": torch.zeros(()), "words": torch.zeros(()), "distil": torch.zeros(())}
        for k in range(args.captions):
            which = [int(torch.randint(0, len(tokens[r]), (1,), generator=generator)) for r in rows.tolist()]
            picked = torch.stack([tokens[r][c] for r, c in zip(rows.tolist(), which, strict=True)])
            hidden = (torch.rand(picked.shape, generator=generator) < args.unknown) & (picked != PADDING)
            out, sentence = stem.raw(picked.masked_fill(hidden, 1), args.dropout)
            logits = temperature.exp().clamp(max=100) * F.normalize(sentence, dim=1) @ picture.T
            total["sentence"] = total["sentence"] + info_nce(logits, same)
            aim = torch.stack([aims[r][c] for r, c in zip(rows.tolist(), which, strict=True)])
            total["distil"] = total["distil"] + F.mse_loss(sentence, aim)
            if k == 0:  # the dear one
                longest = int((picked != PADDING).sum(1).max())
                found = relevance(out[:, :longest], picked[:, :longest] != PADDING, seen)
                total["words"] = info_nce(PICTURES * found, same)
        return {k: v / (1 if k == "words" else args.captions) for k, v in total.items()}

    def step(rows: Tensor) -> dict[str, Tensor]:
        losses = losses_of(rows)
        descend(losses["sentence"] + losses["words"] + args.distil * losses["distil"], parameters, optimiser, schedule)
        return losses

    args.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(first, args.epochs):
        for module in (stem, regions, picture_side):
            module.train()
        begun = time.process_time()
        sums = one_pass(len(train), args.batch, generator, step)
        stem.eval()
        picture_side.eval()
        with torch.no_grad():
            _, sentence = stem.raw(torch.stack([t[epoch % len(t)] for t in tokens_val]))
            pictures = F.normalize(picture_side(features_val), dim=1)
            score = r_precision(F.normalize(sentence, dim=1), pictures, folds=2)
        seconds = time.process_time() - begun
        write_row(args.out, {"epoch": epoch + 1} | sums | {"val_r_precision": score, "cpu_seconds": seconds})
        save_checkpoint(args.out / "checkpoint.pt", state, epoch + 1, generator, {})

    stem.eval()
    with torch.no_grad():
        raw = torch.cat([stem.raw(torch.cat(tokens[i : i + 50]))[1] for i in range(0, len(train), 50)])
        stem.mean.copy_(raw.mean(0))
        stem.deviation.copy_(raw.std(0))
        likeness = F.cosine_similarity((raw - stem.mean) / stem.deviation, torch.cat(aims)).mean()
    print({"cosine_to_char_cnn_rnn": round(float(likeness), 3), "components": KEPT, "words": len(known)})
    save_stem(args.out / "landed.safetensors", stem, known, {"cosine": round(float(likeness), 4)})
    save_weights(args.out / "regions.safetensors", regions.state_dict(), {"word": 2 * config.hidden}, torch.float16)


if __name__ == "__main__":
    main()
