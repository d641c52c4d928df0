"""The training as a film: the same captions and noise at some thirty checkpoints, cut from the trainer's sample sheets.

    python timelapse.py --sheets out/flowers-64/sheets --out out/flowers-64/timelapse.webp

A frame is a caption a column and a noise a row; the bar below it is the share of the pictures seen. A training that
goes on from what shipped has no earlier sheets, but it has the film of them, which goes before its own:

    python timelapse.py --sheets out/faces-more/sheets --out out/faces-more/timelapse.webp --captions 0 2 4 5 7 9 \\
        --before ../public/models/faces/time-lapse.webp --before-pictures 746016
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


def arrange(sheet: np.ndarray, captions: list[int], draws: int) -> np.ndarray:
    """sheet [rows·64, (1+n)·64, 3]: a row a caption, its photograph first → captions side by side, draws below."""
    tiles = sheet.reshape(sheet.shape[0] // TILE, TILE, -1, TILE, 3)  # [rows,64,columns,64,3]
    return np.concatenate(
        [np.concatenate([tiles[row, :, 1 + draw] for draw in range(draws)], 0) for row in captions], 1
    )


def read_film(path: Path, pictures: int) -> list[tuple[int, np.ndarray]]:
    """An earlier film whose last frame is after so many `pictures` → what had been seen, by its bar, and the frame."""
    found = []
    with Image.open(path) as film:
        for i in range(film.n_frames):
            film.seek(i)
            pixels = np.asarray(film.convert("RGB"))
            bar = pixels[-BAR // 2].astype(int)
            inked = np.abs(bar - INK).sum(1) < np.abs(bar - PAPER).sum(1)
            found.append((round(inked.mean() * pictures), pixels[:-BAR]))
    return found


def frame(picture: np.ndarray, share: float) -> Image.Image:
    """With its bar, `share` of which is inked."""
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
    parser.add_argument("--before", type=Path, help="film of the training that this one goes on from, cut alike")
    parser.add_argument("--before-pictures", type=int, default=0, help="seen at its end")
    args = parser.parse_args()
    if args.before and not args.before_pictures:
        parser.error("--before needs --before-pictures: how many had been seen at that film's end")
    film = read_film(args.before, args.before_pictures) if args.before else []
    sheets = [p for p in sorted(args.sheets.glob("*.png")) if not film or int(p.stem) > args.before_pictures]
    counts = [count for count, _ in film] + [int(path.stem) for path in sheets]
    if not counts:
        raise SystemExit(f"{args.sheets} has no sheets")

    def picture(i: int) -> np.ndarray:
        if i < len(film):
            return film[i][1]
        return arrange(np.asarray(Image.open(sheets[i - len(film)]).convert("RGB")), args.captions, args.draws)

    if film and sheets and film[0][1].shape != picture(len(film)).shape:
        raise SystemExit(f"{args.before} is cut otherwise: give the --captions and --draws that it was cut by")
    frames = [frame(picture(i), counts[i] / counts[-1]) for i in choose(counts, args.frames)]
    # The last one stays a while before it begins again.
    times = [220] * (len(frames) - 1) + [2500]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(
        args.out, save_all=True, append_images=frames[1:], duration=times, loop=0, quality=args.quality, method=6
    )
    print(f"{len(frames)} frames from {counts[0]:,} to {counts[-1]:,} pictures, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
