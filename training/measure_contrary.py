"""Does a picture show whose colour is whose? The evaluator chooses between a picture's caption and the same with its
colours changed (contrary.py): how often is it the picture's own. Chance is a half; the val photographs' value is what
the evaluator itself can tell. Painted are val's captions and the contrary ones, which nobody wrote.

    python measure_contrary.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np

import data
from contrary import contrary
from models.evaluator import Evaluator, load_evaluator
from painted import SIZE, paint, paint_val
from photographs import embedded_captions, embedded_pictures, features_of
from text import words


def contraries_of(captions: list[str], seed: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """→ (rows of captions that have a contrary one, those, which of them only change places [rows])"""
    rng = random.Random(seed)
    found = [(i, other) for i, caption in enumerate(captions) if (other := contrary(caption, rng))]
    swapped = [sorted(words(other)) == sorted(words(captions[i])) for i, other in found]
    return np.array([i for i, _ in found]), [other for _, other in found], np.array(swapped)


def told_apart(
    evaluator: Evaluator, pictures: np.ndarray, said: list[str], unsaid: list[str], swapped: np.ndarray
) -> dict[str, float]:
    """pictures [N,S,S,3] uint8, what was said for each and what was not → share that is nearer to what was said"""
    shown = embedded_pictures(evaluator, features_of(evaluator, pictures))
    wins = (shown * embedded_captions(evaluator, said)).sum(1) > (shown * embedded_captions(evaluator, unsaid)).sum(1)
    parts = {"another colour": wins[~swapped], "colours swapped": wins[swapped]}
    return {name: round(float(part.mean()), 4) for name, part in parts.items() if len(part)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--evaluator", type=Path, default=Path(__file__).parent / "weights" / "evaluator.safetensors")
    parser.add_argument("--draws", type=int, default=10, help="pictures a val photograph, another caption each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    val = data.load("flowers", "val", SIZE * 9 // 8)
    evaluator, _ = load_evaluator(args.evaluator)

    def told(pictures: np.ndarray, captions: list[str]) -> dict[str, float]:
        rows, others, swapped = contraries_of(captions, args.seed)
        return told_apart(evaluator, pictures[rows], [captions[i] for i in rows], others, swapped)

    painted, _ = paint_val(args.landed, args.encoder, val.captions, args.draws, 1.0, args.seed)
    written = [c for of_one in val.captions for c in of_one]
    rows, others, swapped = contraries_of(painted.captions, args.seed)
    composed = paint(args.landed, args.encoder, others, 1.0, args.seed)
    figures = {
        "painted": told(painted.pictures, painted.captions),
        "painted from the contrary captions": told_apart(
            evaluator, composed, others, [painted.captions[i] for i in rows], swapped
        ),
        "photographs": told(np.repeat(val.pictures, [len(of_one) for of_one in val.captions], 0), written),
    }
    print(json.dumps(figures, indent=1))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
