"""What lies between two captions: is the middle as sharp and as colourful as the ends (GAN-INT, Reed et al. 2016,
section 4.3)? Prints, for t = 0 to 1, the mean gradient (levels of 255 from one pixel to the next) and the mean chroma
(CIE Lab) of pictures between captions of two val classes, with the same z, and the middle over the mean of the ends.

    python measure_between.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import data
from backgrounds import to_lab
from losses import interpolate_sentences
from painted import load_generator, to_bytes
from sentences import embed_captions

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


def gradient(pictures: np.ndarray) -> np.ndarray:
    """[N,S,S,3] uint8 → mean absolute difference of neighbours, levels [N]"""
    x = pictures.astype(np.float32)
    across, down = np.abs(np.diff(x, axis=2)), np.abs(np.diff(x, axis=1))
    return (across.mean((1, 2, 3)) + down.mean((1, 2, 3))) / 2


def chroma(pictures: np.ndarray) -> np.ndarray:
    """[N,S,S,3] uint8 → mean √(a² + b²) [N]"""
    return np.hypot(*np.moveaxis(to_lab(pictures)[..., 1:], -1, 0)).mean((1, 2))


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=192)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    generator = load_generator(args.landed)
    rows = [row for row in data.read_rows(data.DATA / "flowers") if row["split"] == "val"]
    random = np.random.default_rng(args.seed)
    pairs: list[tuple[str, str]] = []
    while len(pairs) < args.pairs:
        a, b = (rows[i] for i in random.choice(len(rows), 2, replace=False))
        if a["class"] != b["class"]:
            pairs.append((a["captions"][0], b["captions"][0]))
    a, b = (torch.cat(embed_captions(args.encoder, [[pair[i]] for pair in pairs])) for i in range(2))
    z = torch.randn(args.pairs, generator.config.z, generator=torch.Generator().manual_seed(args.seed))
    found: dict[str, list[float]] = {"gradient": [], "chroma": []}
    for t in STEPS:
        mixed = interpolate_sentences(a, b, torch.full((args.pairs, 1), 1 - t))
        parts = [to_bytes(generator(*part)) for part in zip(z.split(64), mixed.split(64), strict=True)]
        pictures = np.concatenate(parts)
        found["gradient"].append(float(gradient(pictures).mean()))
        found["chroma"].append(float(chroma(pictures).mean()))
    print(f"{'t':10}" + "".join(f"{t:8.2f}" for t in STEPS) + "   middle / ends")
    for name, values in found.items():
        ratio = values[2] / ((values[0] + values[-1]) / 2)
        print(f"{name:10}" + "".join(f"{v:8.2f}" for v in values) + f"{ratio:16.3f}")
    if args.json:
        args.json.write_text(json.dumps({"steps": STEPS, **found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
