"""The training as a film: the same captions and noise at some thirty checkpoints, cut from the trainer's sample sheets.

    python timelapse.py --sheets out/flowers-64/sheets --out out/flowers-64/timelapse.webp

A frame is `columns` captions wide and `draws` noises high; the bar below it is the share of the pictures seen.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

TILE = 64
BAR = 4
INK = (110, 86, 207)
PAPER = (226, 222, 214)


def choose(counts: list[int], frames: int) -> list[int]:
    """Indices of `frames` checkpoints, closer together early, where more happens: evenly spaced in √pictures."""
    if len(counts) <= frames:
        return list(range(len(counts)))
    roots = np.sqrt(np.array(counts, float))
    wanted = np.linspace(roots[0], roots[-1], frames)
    return sorted({int(np.abs(roots - w).argmin()) for w in wanted})


def frame(sheet: np.ndarray, captions: list[int], draws: int, share: float) -> Image.Image:
    """sheet [rows·64, (1+n)·64, 3]: a row a caption, its photograph first → captions side by side, draws below"""
    tiles = sheet.reshape(sheet.shape[0] // TILE, TILE, -1, TILE, 3)  # [rows,64,columns,64,3]
    picture = np.concatenate(
        [np.concatenate([tiles[row, :, 1 + draw] for draw in range(draws)], 0) for row in captions], 1
    )
    bar = np.empty((BAR, picture.shape[1], 3), np.uint8)
    bar[:] = PAPER
    bar[:, : round(share * picture.shape[1])] = INK
    return Image.fromarray(np.concatenate([picture, bar]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--captions", type=int, nargs="+", default=[0, 2, 3, 5, 7, 9], help="rows of the sheets")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--quality", type=int, default=80)
    args = parser.parse_args()
    sheets = sorted(args.sheets.glob("*.png"))
    counts = [int(path.stem) for path in sheets]
    frames = [
        frame(np.asarray(Image.open(sheets[i]).convert("RGB")), args.captions, args.draws, counts[i] / counts[-1])
        for i in choose(counts, args.frames)
    ]
    # The last one stays a while before it begins again.
    times = [220] * (len(frames) - 1) + [2500]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(
        args.out, save_all=True, append_images=frames[1:], duration=times, loop=0, quality=args.quality, method=6
    )
    print(f"{len(frames)} frames from {counts[0]:,} to {counts[-1]:,} pictures, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
