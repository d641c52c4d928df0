"""Landed weights in fewer levels than 8 bits have, as `export.py --levels` ships them, so that figures are of what
ships.

    python round_weights.py --landed weights/flowers-64.safetensors --levels 47 --out out/rounded.safetensors
"""

import argparse
from pathlib import Path

from checkpoint import load_weights, rounded, save_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument(
        "--levels", type=int, required=True, choices=range(1, 128), metavar="N", help="either side of 0"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    weights, metadata = load_weights(args.landed)
    save_weights(args.out, {name: rounded(tensor, args.levels) for name, tensor in weights.items()}, metadata)


if __name__ == "__main__":
    main()
