"""Paints a sheet of pictures: captions down, noise across; what a model's card shows.

    python sheet.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --card cards/flowers.json --out samples.webp
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from painted import Brush, load_brush


def paint_sheet(brush: Brush, captions: list[str], z: Tensor) -> np.ndarray:
    """captions [R], z [C,Z] → one picture [R·size, C·size, 3] uint8"""
    rows = [np.concatenate(list(brush([caption] * len(z), z)), 1) for caption in captions]
    return np.concatenate(rows, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--card", type=Path, help="its examples are the captions")
    parser.add_argument("--captions", type=Path, help="or a file, a caption a line")
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--truncation", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quality", type=int, default=90)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.captions:
        captions = [line for line in args.captions.read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        captions = json.loads(args.card.read_text(encoding="utf-8"))["examples"]
    random = torch.Generator().manual_seed(args.seed)
    brush, length = load_brush(args.landed, args.encoder)
    z = torch.randn(args.columns, length, generator=random) * args.truncation
    Image.fromarray(paint_sheet(brush, captions, z)).save(args.out, quality=args.quality)


if __name__ == "__main__":
    main()
