"""Measures what T2F paints, by the evaluator of faces, which no generator is trained against.

    python measure_faces.py --landed out/faces-64/landed.safetensors --encoder out/face-encoder/encoder.safetensors

Prints a table and, with --json, writes it: `figures` is what a model card shows. Same arguments, same figures; only
figures of one evaluator compare. The held-out faces are few (151), so distances are to the training faces.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

import data
import metrics
from checkpoint import load_weights, painter
from face_feed import tell_all
from face_figures import (
    BESIDE,
    SINGLE,
    Wanted,
    accuracy,
    by_attribute,
    classifier_alone,
    paint_faces,
    read_prose,
    shown_in,
)
from measure import mean_of, table
from models.evaluator import Evaluator, load_evaluator
from painted import load_generator
from photographs import COMPONENTS, embedded_captions, embedded_pictures, features_of
from sentences import embed_captions
from train_face_evaluator import STORED

ROOM = Path(__file__).parent
PROSE = ROOM / "captions" / "prose-faces.txt"
CAPTIONS, REPEATS = 48, 8


def distances(found: np.ndarray, known: np.ndarray, basis: tuple, random: np.random.Generator) -> tuple[float, ...]:
    """→ Fréchet distance to the training faces, KID × 1000, and its deviation over subsets"""
    frechet = metrics.frechet_distance(metrics.project(found, basis), metrics.project(known, basis))
    kernel, deviation = metrics.kernel_distance_over_subsets(found, known, random, subsets=50)
    return frechet, 1000 * kernel, 1000 * deviation


def measure(evaluator: Evaluator, train: data.Faces, val: data.Faces, paint, prose: list[Wanted], count: int) -> dict:
    """paint: descriptions → pictures [N,S,S,3]; count: pictures a sentence where attributes are counted
    → {"figures": as a card shows them, "attributes": of each}"""
    random = np.random.default_rng(1)
    told = tell_all(val)
    texts = [text for of_one in told.texts for text in of_one]
    owners = np.repeat(np.arange(len(val)), [len(of_one) for of_one in told.texts])
    known, held = (features_of(evaluator, faces.pictures) for faces in (train, val))
    rows = random.permutation(len(known))
    some, rest = np.split(known[rows], [min(len(texts), len(known) // 2)])
    basis = metrics.principal_components(known, min(COMPONENTS, known.shape[1]))
    grey = np.broadcast_to(train.pictures.mean((1, 2), keepdims=True), train.pictures.shape).astype(np.uint8)
    flat = features_of(evaluator, grey[rows[: len(some)]])
    found = features_of(evaluator, paint(texts))
    apart, apart_real, apart_flat = (distances(x, rest, basis, random) for x in (found, some, flat))

    captions = embedded_captions(evaluator, texts)

    def precision(features: np.ndarray) -> tuple[float, float]:
        return metrics.r_precision(embedded_pictures(evaluator, features), captions, owners, captions, owners, random)

    right, right_deviation = precision(found)
    right_real, _ = precision(held[owners])
    few = [told.texts[i][6] for i in np.linspace(0, len(val) - 1, CAPTIONS).round().astype(int)]
    varied = features_of(evaluator, paint([text for text in few for _ in range(REPEATS)]))
    diversity = metrics.pairwise_within(varied, np.repeat(np.arange(CAPTIONS), REPEATS))
    diversity_real = metrics.pairwise_across(held, np.arange(len(held)))
    near, near_real = (metrics.nearest(x, known) for x in (found, held))

    single = [Wanted(text, {name: there}) for text, name, there, _ in SINGLE]
    groups = [group for *_, group in SINGLE]
    shares = accuracy(single, shown_in(evaluator, paint([w.text for w in single for _ in range(count)])))
    seen = shown_in(evaluator, val.pictures)
    alone = np.array(
        [classifier_alone(seen, val.attributes, name, there, BESIDE.get(text)) for text, name, there, _ in SINGLE]
    )
    shown_prose = shown_in(evaluator, paint([w.text for w in prose for _ in range(8)]))
    # What faces show that were asked for something else: every description gets another's pictures.
    shuffled = np.roll(shown_prose.reshape(len(prose), 8, -1), len(prose) // 2, 0).reshape(shown_prose.shape)

    figures = [
        {
            "name": f"Fréchet distance, {COMPONENTS} components",
            "value": apart[0],
            "real": apart_real[0],
            "chance": apart_flat[0],
            "note": f"{len(texts)} pictures of the held-out faces' descriptions against {len(rest)} training faces; "
            "real: as many other training faces; chance: plain colour",
        },
        {
            "name": "KID × 1000",
            "value": apart[1],
            "real": apart_real[1],
            "chance": apart_flat[1],
            "note": f"± {apart[2]:.1f} over subsets of 150; the same sets",
        },
        {
            "name": "R-precision, 1 of 100",
            "value": right,
            "real": right_real,
            "chance": 0.01,
            "note": f"a picture's own description against 99 of other faces, ± {right_deviation:.3f}",
        },
        {
            "name": "Diversity at a fixed description",
            "value": diversity,
            "real": diversity_real,
            "note": f"mean distance between two draws, {CAPTIONS} descriptions × {REPEATS}; real: two held-out faces, "
            "of different descriptions; 0 where z is ignored",
        },
        {
            "name": "Distance to the nearest training face",
            "value": float(np.median(near)),
            "real": float(np.median(near_real)),
            "note": "median; real: of held-out faces, nobody of whom was trained on",
        },
        *(
            {
                "name": f"Attribute shown: {group}",
                "value": float(np.mean([s for s, g in zip(shares, groups, strict=True) if g == group])),
                "real": mean_of([s for s, g in zip(alone, groups, strict=True) if g == group and np.isfinite(s)]),
                "note": f"a held-out attribute classifier's answer to {count} pictures of "
                + ", ".join(f"“{w.text}”" for w, g in zip(single, groups, strict=True) if g == group)
                + "; real: its answer to held-out faces of that kind",
            }
            for group in dict.fromkeys(groups)
        ),
        {
            "name": "Attributes shown of free prose",
            "value": float(accuracy(prose, shown_prose).mean()),
            "chance": float(accuracy(prose, shuffled).mean()),
            "note": f"{len(prose)} descriptions written freely, 8 pictures each; chance: pictures of another one",
        },
    ]
    named = [f"{text} ({'' if there else 'not '}{name})" for text, name, there, _ in SINGLE]
    attributes = dict(zip(named, map(float, shares), strict=True))
    finite = [{k: v for k, v in f.items() if isinstance(v, str) or np.isfinite(v)} for f in figures]
    return {"figures": finite, "attributes": attributes, "prose": by_attribute(prose, shown_prose)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True, help="as train_t2f.py lands it")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--evaluator", type=Path, default=ROOM / "weights" / "face-evaluator.safetensors")
    parser.add_argument("--prose", type=Path, default=PROSE)
    parser.add_argument("--count", type=int, default=64, help="pictures a sentence of one attribute")
    parser.add_argument("--truncation", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    evaluator, own = load_evaluator(args.evaluator)
    generator = load_generator(args.landed)
    landed, metadata = load_weights(args.landed)
    calls = iter(range(args.seed, args.seed + 100))

    def paint(texts: list[str]) -> np.ndarray:
        return paint_faces(generator, torch.cat(embed_captions(args.encoder, [texts])), next(calls), args.truncation)

    train, val = (data.load_faces(split, STORED) for split in ("train", "val"))
    report = measure(evaluator, train, val, paint, read_prose(args.prose), args.count)
    name = hashlib.sha256(args.evaluator.read_bytes()).hexdigest()[:12]
    named = (
        f"Limn's evaluator of faces {name}: a residual network and a word reader of our own, trained from pixels on "
        f"the training faces' attributes and descriptions, never against a generator (held-out balanced accuracy "
        f"{own['val_balanced']:.3f} over 40 attributes)"
    )
    print(f"{table(report['figures'])}\n\n{named}")
    print("\n".join(f"{share:.2f}  {text}" for text, share in (report["attributes"] | report["prose"]).items()))
    if args.json:
        settings = {"truncation": args.truncation, "seed": args.seed, "trained": metadata["pictures"]}
        settings |= painter(landed, load_weights(args.encoder)[0])
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(
            json.dumps({"evaluator": named, "settings": settings} | report, indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
