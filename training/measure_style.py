"""Measures a style encoder, and inversion from where it points, on the val photographs.

    python measure_style.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --style-encoder weights/style-encoder-flowers.safetensors --json out/style-encoder/measured.json

Style AUC is that of Reed et al. 2016, figure 5 (see backgrounds.py). Inversion is measured three ways: with the pyramid
of pictures alone, the same held to where it began, and with a frozen network's features beside it. Same arguments,
same figures.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import captioned
import data
from checkpoint import fingerprint, load_weights, prefixed
from inversion import Likeness
from models.squeezenet import SqueezeNet
from models.style_encoder import load_style_encoder
from painted import load_generator
from photographs import same_classes
from sentences import embed_captions
from style_figures import (
    FINER,
    GROUPS,
    Bench,
    Way,
    best_possible,
    border_distance,
    carried,
    feature_distance,
    lay_out,
    middle,
    pixel_distance,
    reconstruction,
    recovery,
    smoothness,
    styles_by_encoder,
    styles_by_inversion,
    to_tensor,
    verify,
)


def row(bench: Bench, name: str, z: Tensor) -> dict:
    agreed, (pixels, features) = verify(bench, z), reconstruction(bench, z)
    figures = {"auc": agreed[GROUPS], "auc_finer": agreed[FINER], "border": carried(bench, z)}
    return {"name": name, **figures, "pixels": pixels, "features": features}


def measure(bench: Bench, encoder: torch.nn.Module, train: data.Captioned, val: data.Captioned, args) -> list[dict]:
    """→ a row a way of finding z: AUC over few and over many groups, distance to the photograph"""
    pictures, _ = bench.pairs
    start = styles_by_encoder(encoder, pictures)
    chance = torch.randn(start.shape, generator=torch.Generator().manual_seed(args.seed))
    ceiling = best_possible(bench)
    rows = [{"name": "the border's own colour", "auc": ceiling[GROUPS], "auc_finer": ceiling[FINER]}]
    random = np.random.default_rng(args.seed)
    # Faces have no classes: any other one will do.
    of_any = args.set == "faces"
    picked = (
        random.choice(len(train), len(bench.rows), replace=False)
        if of_any
        else same_classes(val.classes[bench.rows], train.classes, random)
    )
    cut = middle(train.pictures[picked], bench.generator.config.size)
    others = to_tensor(cut)
    rows.append(
        {
            "name": "another face" if of_any else "another photograph of the class",
            "border": border_distance(bench, cut),
            "pixels": pixel_distance(others, pictures),
            "features": feature_distance(bench.frozen, others, pictures),
        }
    )
    rows += [row(bench, "a random z", chance), row(bench, "S", start)]
    for steps in args.steps:
        ways = {"pyramid": Way(Likeness(), steps)}
        if args.hold:
            ways[f"pyramid, held {args.hold:g}"] = Way(Likeness(), steps, args.hold)
        if args.feature:
            ways["pyramid and features"] = Way(Likeness(feature=args.feature), steps)
        if args.restarts and steps == args.steps[-1]:
            ways[f"pyramid, best of {args.restarts + 1} starts"] = Way(Likeness(), steps, restarts=args.restarts)
        for name, way in ways.items():
            rows.append(row(bench, f"{steps} steps, {name}", styles_by_inversion(bench, start, way, args.seed)))
    return rows


def table(rows: list[dict]) -> str:
    columns = {
        "auc": f"AUC/{GROUPS}",
        "auc_finer": f"AUC/{FINER}",
        "border": "border",
        "pixels": "pixels",
        "features": "features",
    }
    width = max(len(r["name"]) for r in rows)
    lines = [" " * width + "".join(f"{name:>10}" for name in columns.values())]
    for r in rows:
        cells = "".join(f"{r[k]:>10.3f}" if k in r else f"{'–':>10}" for k in columns)
        lines.append(f"{r['name']:<{width}}{cells}")
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True, help="the generator")
    parser.add_argument("--set", choices=captioned.SETS, default="flowers")
    parser.add_argument("--encoder", type=Path, required=True, help="of the captions")
    parser.add_argument("--style-encoder", type=Path, required=True)
    parser.add_argument("--count", type=int, default=0, help="photographs, 0 for all with a calm border (194)")
    parser.add_argument("--steps", type=int, nargs="+", default=[50, 200], help="of inversion")
    parser.add_argument("--restarts", type=int, default=0, help="random starts that S(x) has to beat, as well")
    parser.add_argument("--hold", type=float, default=1.0, help="weight that holds z to S(x), 0 to pass that way over")
    parser.add_argument("--feature", type=float, default=0.5, help="weight of features, 0 to pass that way over")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    args = parse()
    torch.manual_seed(args.seed)
    encoder, metadata = load_style_encoder(args.style_encoder)
    generator = load_generator(args.landed).requires_grad_(False)
    own = fingerprint(prefixed(load_weights(args.landed)[0], "generator."))
    if metadata["generator"] != own:
        raise SystemExit(f"{args.style_encoder} inverts generator {metadata['generator']}; {args.landed} is {own}")
    (train, _), (val, _) = (captioned.load(args.set, split, generator.config.size) for split in ("train", "val"))
    sentences = torch.cat([s[:1] for s in embed_captions(args.encoder, [c[:1] for c in val.captions])])
    frozen = SqueezeNet(data.DATA / "imagenet-features" / "squeezenet_v1_0.npz", torch.bfloat16)
    bench = lay_out(generator, frozen, val, sentences, args.count)
    rows = measure(bench, encoder, train, val, args)
    again = recovery(bench, encoder, 512, args.seed)
    smooth = smoothness(bench, 32, 16, args.seed)
    print(table(rows))
    print(f"\ncosine of z and S(G(z,t)): {again:.3f}")
    for axis, (mean, worst) in smooth.items():
        print(f"{axis} axis, largest of 32 changes over their mean: {mean:.2f}, at worst {worst:.2f}")
    if args.json:
        settings = {"photographs": len(bench.rows), "steps": args.steps, "feature": args.feature, "seed": args.seed}
        report = {"settings": settings | metadata, "rows": rows, "recovery": again, "smoothness": smooth}
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
