"""Does the flower generator paint what people type? Captions as they are typed, by flower_words.py and by hand
(captions/typed.txt), and the same as the photographs' captions would say it. Of both: in how many pictures does the
evaluator find the colours that were said, asked for the petals' among seven (chance .14), then for the other one among
ten (chance .10)?

    python measure_typed_flowers.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors
"""

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np

from flower_words import PARTS, Flower, draw
from models.evaluator import Evaluator, load_evaluator
from painted import paint
from photographs import embedded_captions, embedded_pictures, features_of

HERE = Path(__file__).parent
PETALS = ("red", "orange", "yellow", "pink", "purple", "blue", "white")
OTHERS = (*PETALS, "green", "brown", "black")
# What is drawn in finer shades is asked for in these.
SHADES = {"lavender": "purple", "violet": "purple", "magenta": "pink", "peach": "orange", "cream": "white"}


def read(path: Path) -> list[tuple[str, Flower]]:
    """`caption | colour | other or - | part or -` a line; # begins a remark"""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            text, colour, other, part = (cell.strip() for cell in line.rsplit("|", 3))
            assert colour in PETALS and (other == "-" or other in OTHERS) and (part == "-" or part in PARTS), line
            found.append((text, Flower(colour) if part == "-" else Flower(colour, "", part, other)))
    return found


def plain(flower: Flower) -> Flower:
    """Its colours among those that are asked for."""
    colour, other = (name.split()[-1] if name else "" for name in (flower.colour, flower.other))
    return replace(flower, colour=SHADES.get(colour, colour), other=SHADES.get(other, other))


def found_in(evaluator: Evaluator, pictures: np.ndarray, asked: list[list[Flower]]) -> list[int]:
    """pictures [N,S,S,3] uint8, for each the flowers that it might be → which of them it is most like"""
    texts = sorted({flower.written() for of_one in asked for flower in of_one})
    said = dict(zip(texts, embedded_captions(evaluator, texts), strict=True))
    shown = embedded_pictures(evaluator, features_of(evaluator, pictures))
    return [
        int(np.argmax([picture @ said[flower.written()] for flower in of_one]))
        for picture, of_one in zip(shown, asked, strict=True)
    ]


def seen(evaluator: Evaluator, pictures: np.ndarray, flowers: list[Flower]) -> dict[str, float]:
    """pictures [N,S,S,3] uint8, what each is to show → shares of those that show the petals' colour, and of those with
    another colour that show that"""

    def share(rows: list[int], part: str, colours: tuple[str, ...]) -> float:
        """How often `part` of a flower, its colour or its other one, is found among `colours`."""
        asked = [[replace(flowers[i], **{part: colour}) for colour in colours] for i in rows]
        found = found_in(evaluator, pictures[rows], asked)
        right = [colours[at] == getattr(flowers[i], part) for i, at in zip(rows, found, strict=True)]
        return round(float(np.mean(right)), 4)

    both = [i for i, flower in enumerate(flowers) if flower.part]
    return {"petals": share(list(range(len(flowers))), "colour", PETALS), "other": share(both, "other", OTHERS)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--evaluator", type=Path, default=HERE / "weights" / "evaluator.safetensors")
    parser.add_argument("--captions", type=Path, default=HERE / "captions" / "typed.txt")
    parser.add_argument("--draws", type=int, default=8, help="pictures of each of --captions")
    parser.add_argument("--count", type=int, default=480, help="captions of the grammar, a picture each")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    evaluator, _ = load_evaluator(args.evaluator)
    rng = random.Random(f"measured {args.seed}")
    drawn = [plain(draw(rng)) for _ in range(args.count)]
    sets = {
        "by the grammar": [(flower.typed(rng), flower) for flower in drawn if flower.colour != flower.other],
        "by hand": [row for row in read(args.captions) for _ in range(args.draws)],
    }
    figures = {}
    for name, rows in sets.items():
        flowers = [flower for _, flower in rows]
        for how, captions in {
            "as written": [flower.written() for flower in flowers],
            "as typed": [text for text, _ in rows],
        }.items():
            pictures = paint(args.landed, args.encoder, captions, 1.0, args.seed)
            figures[f"{name}, {how}"] = seen(evaluator, pictures, flowers)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
