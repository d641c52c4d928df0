"""Measures what a captioner says of the val photographs, beside two captioners that do not look closely.

    python measure_stream.py --landed out/stream/landed.safetensors --json out/stream/measured.json
    python measure_stream.py --landed out/stream/landed.safetensors --land weights/stream-flowers.safetensors

`--land` writes the weights anew with these figures and thresholds beside them, for export.py; `--storage int8` measures
them as they ship. Same arguments, same figures.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import captioned
import data
from arrays import captioner_arrays, store, to_numpy
from caption_metrics import NAMES, figures
from metrics import r_precision
from models.stream import Stream, load_stream, save_stream
from sentences import embed_captions
from text import words
from train_stream import ENCODER, describe, encode_all, features_of, word_loss


def as_stored(state: dict[str, Tensor], storage: str) -> dict[str, Tensor]:
    """The weights as they come out of a file of that storage."""
    turned = captioner_arrays(to_numpy(state))
    kept = store(turned, storage)
    out = dict(state)
    for name in turned:
        array = torch.from_numpy(kept[name].astype(np.float32) * kept.get(f"{name}.scale", np.float32(1)))
        if array.ndim == 4:
            array = array.permute(3, 2, 0, 1)
        elif array.ndim == 2 and name != "words.weight":
            array = array.T
        out[name] = array
    return out


def most_frequent(captions: list[list[str]]) -> str:
    return Counter(" ".join(words(c)) for of_one in captions for c in of_one).most_common(1)[0][0]


def nearest(kind: str, train: data.Captioned, val: data.Captioned) -> list[str]:
    """The first caption of the training photograph that looks most alike to the frozen ImageNet network, which sees
    160×160 pixels of it (cosine of standardised pooled features)."""
    known, seen = (captioned.features(kind, s, len(d)) for s, d in (("train", train), ("val", val)))
    center, spread = known.mean(0), known.std(0) + 1e-6
    alike = F.normalize((seen - center) / spread, dim=1) @ F.normalize((known - center) / spread, dim=1).T
    return [train.captions[i][0] for i in alike.argmax(1).tolist()]


def of_other_classes(classes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """For each row another row, of another class."""
    return np.array([random.choice(np.flatnonzero(classes != kind)) for kind in classes])


def untrue(alike: captioned.Alike, picture: int, other: int, captions: int) -> np.ndarray:
    """→ [captions] bool: which captions of `other` are not true of the picture. Of faces many are: "a young woman"."""
    rows = torch.tensor([picture, other])
    return np.array([not alike(rows, torch.tensor([0, k]))[0, 1] for k in range(captions)])


def against_others(scores_of: dict[str, np.ndarray]) -> dict[str, float]:
    """scores of true captions and of `others` → two thresholds, and what lies above them. `agrees`: half of the true
    captions get there, for people look at different things. `partly`: where the fewest of both are on the wrong
    side."""
    true, others = scores_of["true"], scores_of["others"]
    agrees = float(np.median(true))
    places = np.quantile(np.concatenate([true, others]), np.linspace(0.01, 0.99, 99))
    best = max(places, key=lambda at: (true >= at).mean() - (others >= at).mean())
    partly = min(float(best), agrees)
    share = {
        f"{name}_{kind}": float((values >= at).mean())
        for name, at in (("agrees", agrees), ("partly", partly))
        for kind, values in scores_of.items()
    }
    return {"agrees": round(agrees, 3), "partly": round(partly, 3), **share}


@torch.no_grad()
def word_by_word(model: Stream, f: Tensor, tokens: list[Tensor], owners: np.ndarray) -> float:
    """Mean −log p of a word of the captions of photographs `owners`, as said of photographs f."""
    losses = []
    for k in range(len(tokens[0])):
        aim = torch.stack([tokens[i][k % len(tokens[i])] for i in owners])
        losses.append(float(word_loss(model.logits(f, aim), aim)))
    return float(np.mean(losses))


@torch.no_grad()
def measure(model: Stream, known: list[str], kind: str, encoder: Path) -> dict:
    (train, _), (val, alike) = (captioned.load(kind, split, model.config.size) for split in ("train", "val"))
    random = np.random.default_rng(1)
    references = [[words(c) for c in of_one] for of_one in val.captions]
    f = features_of(model, val.pictures)
    said = describe(model, f, known)
    rows = {
        "model": said,
        "nearest": nearest(kind, train, val),
        "most_frequent": [most_frequent(train.captions)] * len(val),
    }
    found: dict = {name: figures([words(c) for c in captions], references) for name, captions in rows.items()}
    # One of a picture's captions against its others: fewer references, so it stands a little too low.
    found["a_person"] = figures([r[0] for r in references], [r[1:] for r in references])

    own = [F.normalize(s, dim=1).numpy() for s in embed_captions(encoder, val.captions)]
    owners = np.repeat(np.arange(len(val)), [len(s) for s in own])
    every = np.concatenate(own)
    seen = F.normalize(model.similarity(f), dim=1).numpy()
    found["r_precision"] = r_precision(seen[owners], every, owners, every, owners, random)[0]

    other = of_other_classes(val.classes, random)
    back = F.normalize(torch.cat(embed_captions(encoder, [said]))).numpy()
    cosines = {
        "true": np.concatenate([own[i] @ back[i] for i in range(len(val))]),
        "others": np.concatenate([own[j][untrue(alike, i, j, len(own[j]))] @ back[i] for i, j in enumerate(other)]),
    }
    found["thresholds"] = against_others(cosines)
    found["cosines"] = {k: np.quantile(v, [0.05, 0.25, 0.5, 0.75, 0.95]).round(3).tolist() for k, v in cosines.items()}
    tokens = encode_all(val.captions, known, model.config.longest)
    found["nats_a_word"] = {
        "true": word_by_word(model, f, tokens, np.arange(len(val))),
        "others": word_by_word(model, f, tokens, other),
    }
    found["said"] = {"different": len(set(said)), "words": float(np.mean([len(c.split()) for c in said]))}
    return found | {"examples": dict(zip(val.names[::40], said[::40], strict=True))}


def table(found: dict) -> str:
    lines = [f"{'':<16}" + "".join(f"{n:>15}" for n in NAMES.values())]
    for row in ("model", "nearest", "most_frequent", "a_person"):
        lines.append(f"{row:<16}" + "".join(f"{found[row][k]:>15.3f}" for k in NAMES))
    rest = {k: v for k, v in found.items() if k not in ("model", "nearest", "most_frequent", "a_person")}
    return "\n".join([*lines, "", json.dumps(rest, indent=1)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--set", choices=captioned.SETS, default="flowers")
    parser.add_argument("--encoder", type=Path, default=ENCODER)
    parser.add_argument("--storage", choices=["int8", "float16", "float32"], default="float16")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--land", type=Path)
    args = parser.parse_args()
    model, known, trained = load_stream(args.landed)
    model.load_state_dict(as_stored(model.state_dict(), args.storage))
    found = measure(model, known, args.set, args.encoder)
    print(table(found))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(trained | found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if args.land:
        save_stream(args.land, load_stream(args.landed)[0], known, trained | found)


if __name__ == "__main__":
    main()
