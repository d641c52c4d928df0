"""Does T2F show what people type? Held-out faces, told twice (face_words.py): as the grammar writes, and as somebody
might type it. Of both: the share of what was said that the evaluator sees in the pictures.

    python measure_typed_faces.py --landed weights/faces-64.safetensors --encoder weights/face-encoder.safetensors
"""

import argparse
import json
import random
from pathlib import Path

import torch

import data
from face_facts import facts
from face_figures import Wanted, accuracy, paint_faces, shown_in
from face_sentences import choose, say
from face_words import casually
from models.evaluator import load_evaluator
from painted import load_generator
from sentences import embed_captions


def told(faces: list[frozenset[str]], count: int, rng: random.Random) -> tuple[list[Wanted], list[Wanted]]:
    """`count` descriptions of one or two facts beside the gender → (as written, as typed)"""
    written, typed = [], []
    while len(written) < count:
        has = rng.choice(faces)
        chosen = choose(facts(has, rng), rng.choice((1, 2)), rng)
        said = say(chosen, "Male" in has, False, rng)
        claims = dict.fromkeys(said.present, True) | dict.fromkeys(said.absent, False)
        written.append(Wanted(said.text, claims))
        typed.append(Wanted(casually(chosen, "Male" in has, rng), claims))
    return written, typed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument(
        "--evaluator", type=Path, default=Path(__file__).parent / "weights" / "face-evaluator.safetensors"
    )
    parser.add_argument("--count", type=int, default=400, help="descriptions, each painted twice")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    evaluator, _ = load_evaluator(args.evaluator)
    generator = load_generator(args.landed)
    faces = [frozenset(row["attributes"]) for row in data.read_attributes("val")]
    figures = {}
    for name, wanted in zip(("written", "typed"), told(faces, args.count, random.Random(args.seed)), strict=True):
        sentences = torch.cat(embed_captions(args.encoder, [[w.text, w.text] for w in wanted]))
        shown = shown_in(evaluator, paint_faces(generator, sentences, args.seed))
        figures[name] = round(float(accuracy(wanted, shown).mean()), 4)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
