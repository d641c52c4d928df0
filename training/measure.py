"""Measures what a generator paints on the val captions, by the evaluator, which no generator is trained against.

    python measure.py --landed out/flowers-64/landed.safetensors --encoder out/text-encoder/encoder.safetensors
    python measure.py --write-captions captions.txt       # then, with the engine that ships, into one folder:
        limn generate --captions captions.txt --count 4 --out painted --json > painted.json
    python measure.py --pictures painted --list painted.json

Prints a table and, with --json, writes it: `figures` is what a model card shows. Same arguments, same figures. Only
figures of one evaluator and one `draws` compare; the Fréchet distance is that of 389 pictures against 389.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

import data
import metrics
from checkpoint import load_weights, painter
from models.evaluator import Evaluator, load_evaluator
from painted import SIZE, Painted, paint_val, read_painted
from photographs import (
    COMPONENTS,
    Real,
    embedded_captions,
    embedded_pictures,
    features_of,
    look_at_photographs,
    same_classes,
)
from text import normalise


def fold_figures(real: Real, found: np.ndarray, random: np.random.Generator, size: int) -> dict[str, list[float]]:
    """Fréchet distance and KID of every full `size` rows of `found`, in turn, against the val photographs."""
    val = metrics.project(real.val, real.basis)
    figures: dict[str, list[float]] = {"fd": [], "kid": [], "kid_deviation": []}
    for start in range(0, len(found) - size + 1, size):
        fold = found[start : start + size]
        if size > len(val[0]):
            figures["fd"].append(metrics.frechet_distance(metrics.project(fold, real.basis), val))
        mean, deviation = metrics.kernel_distance_over_subsets(fold, real.val, random, subsets=20)
        figures["kid"].append(mean)
        figures["kid_deviation"].append(deviation)
    return figures


def whose(painted: Painted, val: data.Captioned) -> np.ndarray:
    """The val photograph that each caption is of, the first where there are several, -1 for none. The engine tidies a
    caption's spaces, so it is looked up by what a model reads of it."""
    every = [(normalise(c), i) for i, of_one in enumerate(val.captions) for c in of_one]
    owner_of = dict(reversed(every))
    return np.array([owner_of.get(normalise(c), -1) for c in painted.captions])


def measure(
    evaluator: Evaluator, real: Real, val: data.Captioned, painted: Painted, varied: Painted, seed: int
) -> list[dict]:
    """→ figures as a model card shows them: {name, value, unit, real, chance, note}"""
    # The photographs' own column hangs on nothing that is measured here: it is the same in every table.
    random, random_real = np.random.default_rng(seed), np.random.default_rng(0)
    found = features_of(evaluator, painted.pictures)
    again = found if varied is painted else features_of(evaluator, varied.pictures)
    size = min(len(real.val), len(found))
    folds = fold_figures(real, found, random, size)
    rows = [same_classes(real.classes, real.train_classes, random_real) for _ in range(10)]
    photographs = fold_figures(real, np.concatenate([real.train[r[:size]] for r in rows]), random_real, size)
    blind = fold_figures(real, real.flat[:size], random_real, size)

    owners = whose(painted, val) if painted.owners is None else painted.owners
    precision, precision_deviation = metrics.r_precision(
        embedded_pictures(evaluator, found),
        embedded_captions(evaluator, painted.captions),
        owners,
        real.val_captions,
        real.owners,
        random,
    )
    precision_real, _ = metrics.r_precision(
        embedded_pictures(evaluator, real.val)[real.owners],
        real.val_captions,
        real.owners,
        real.val_captions,
        real.owners,
        random_real,
    )
    diversity = metrics.pairwise_within(again, varied.groups)
    within, across = (f(real.val, real.classes) for f in (metrics.pairwise_within, metrics.pairwise_across))
    near, near_val = metrics.nearest(found, real.train), metrics.nearest(real.val, real.train)
    any_two = metrics.distances(real.val, real.train)
    too_near = float(np.quantile(near_val, 0.01))

    figures = [
        {
            "name": f"Fréchet distance, {COMPONENTS} components",
            "value": mean_of(folds["fd"]),
            "real": mean_of(photographs["fd"]),
            "chance": mean_of(blind["fd"]),
            "note": f"{size} pictures against the {len(val)} val photographs, mean of {len(folds['kid'])} sets "
            f"(deviation {spread_of(folds['fd']):.2f}); real: as many training photographs of the same classes; "
            "chance: plain colour",
        },
        {
            "name": "KID × 1000",
            "value": 1000 * mean_of(folds["kid"]),
            "real": 1000 * mean_of(photographs["kid"]),
            "chance": 1000 * mean_of(blind["kid"]),
            "note": f"± {1000 * mean_of(folds['kid_deviation']):.1f} over subsets of 150; real: as above, and below 0 "
            "because sets that share their classes are more alike than two draws; chance: plain colour",
        },
        {
            "name": "R-precision, 1 of 100",
            "value": precision,
            "real": precision_real,
            "chance": 0.01,
            "note": f"a picture's own caption against 99 of other photographs, ten folds, ± {precision_deviation:.3f}",
        },
        {
            "name": "Diversity at a fixed caption",
            "value": diversity,
            "real": within,
            "note": f"mean distance between two draws; {len(np.unique(varied.groups))} captions, {len(again)} "
            f"pictures; real: two val photographs of a class, {across:.2f} of different classes; 0 where z is ignored",
        },
        {
            "name": "Distance to the nearest training photograph",
            "value": float(np.median(near)),
            "real": float(np.median(near_val)),
            "chance": float(np.median(any_two)),
            "note": "median; real: of val photographs; chance: any training photograph",
        },
        {
            "name": "Nearer to a training photograph than 99 % of val",
            "value": 100 * float((near < too_near).mean()),
            "unit": "%",
            "real": 100 * float((near_val < too_near).mean()),
            "note": f"share of pictures within {too_near:.2f}: would show memorising",
        },
    ]
    # What the set is too small for is left out, not shown as something else.
    finite = [{k: v for k, v in f.items() if isinstance(v, str) or np.isfinite(v)} for f in figures]
    return [f for f in finite if "value" in f]


def mean_of(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def spread_of(values: list[float]) -> float:
    return float(np.std(values)) if values else float("nan")


def table(figures: list[dict]) -> str:
    rows = [("", "model", "real", "chance")]
    rows += [(f["name"], *(f"{f[k]:.3f}" if k in f else "–" for k in ("value", "real", "chance"))) for f in figures]
    width = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{width}}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows]
    return "\n".join([*lines, "", *(f"{f['name']}: {f['note']}" for f in figures)])


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--landed", type=Path, help="generator.* as train_gan_int_cls.py lands it")
    source.add_argument("--pictures", type=Path, help="a folder of PNG files, with --list")
    source.add_argument("--write-captions", type=Path, help="only write the val captions, a line each")
    parser.add_argument("--encoder", type=Path, help="of the captions, with --landed")
    parser.add_argument("--list", type=Path, help="JSON: [{caption, seed, file}]")
    parser.add_argument("--evaluator", type=Path, default=Path(__file__).parent / "weights" / "evaluator.safetensors")
    parser.add_argument("--truncation", type=float, default=1.0)
    parser.add_argument("--draws", type=int, default=10, help="pictures a val photograph, another caption each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if args.landed and not args.encoder:
        parser.error("--landed needs --encoder")
    if args.pictures and not args.list:
        parser.error("--pictures needs --list")
    return args


def main() -> None:
    args = parse()
    train, val = (data.load("flowers", split, SIZE * 9 // 8) for split in ("train", "val"))
    if args.write_captions:
        args.write_captions.write_text("".join(f"{c[0]}\n" for c in val.captions), encoding="utf-8")
        return
    evaluator, own = load_evaluator(args.evaluator)
    name = hashlib.sha256(args.evaluator.read_bytes()).hexdigest()[:12]
    if args.landed:
        painted, varied = paint_val(args.landed, args.encoder, val.captions, args.draws, args.truncation, args.seed)
    else:
        painted = varied = read_painted(args.pictures, args.list)
    figures = measure(evaluator, look_at_photographs(evaluator, name, train, val), val, painted, varied, args.seed)
    named = (
        f"Limn's evaluator {name}: a residual network and a word reader of our own, trained from pixels on the "
        f"training photographs' classes and captions, never against a generator (held-out class accuracy "
        f"{own['val_accuracy']:.3f} of 102 classes)"
    )
    print(f"{table(figures)}\n\n{named}")
    if args.json:
        settings = {"pictures": len(painted.captions), "truncation": args.truncation, "seed": args.seed}
        if args.landed:
            landed, metadata = load_weights(args.landed)
            settings |= {"draws": args.draws, "trained": metadata["pictures"]}
            settings |= painter(landed, load_weights(args.encoder)[0])
        report = {"evaluator": named, "settings": settings, "figures": figures}
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
