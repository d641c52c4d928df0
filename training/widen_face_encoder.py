"""Teaches T2F's trained text encoder the words and the ways in which people type (face_words.py): what is typed is to
have the sentence of what the grammar writes of the same facts. The generator stays as it is.

    python widen_face_encoder.py --encoder weights/face-encoder.safetensors --out out/face-encoder-wide

Writes encoder.safetensors (float32), landed.safetensors (float16) and log.csv. Resumes from its checkpoint when --out
has one.
"""

import itertools
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

import data
from face_feed import SELDOM, tokens_of, vocabulary
from face_thesaurus import silent
from face_words import told_twice
from models.stem import SPECIAL
from models.t2f_encoder import T2fEncoder, load_encoder, save_encoder
from train_face_encoder import with_strangers
from widening import alike, arguments, widen, with_new_words

# Descriptions from which the new words are gathered; each word stands in hundreds of them.
GATHERED = 60_000
# Of who is seldom more is told: up to so many times as often as chance would.
MOST = 8.0


class Teller:
    """Faces in words, those that are seldom more often."""

    def __init__(self, faces: list[frozenset[str]]):
        counts = Counter(name for has in faces for name in has)
        shaven = "No_Beard"
        counts[shaven] = len(faces) - counts[shaven]  # it is beards that are seldom

        def rarity(has: frozenset[str]) -> float:
            shown = (has ^ {shaven}) & set(SELDOM)
            rarest = min((counts[name] for name in shown), default=len(faces))
            return min(MOST, max(1.0, 0.2 * len(faces) / rarest))

        self.faces, self.weights = faces, list(itertools.accumulate(rarity(has) for has in faces))

    def tell(self, count: int, rng: random.Random) -> list[tuple[str, str]]:
        """→ (as the grammar writes it, as people type it), `count` times"""
        return [told_twice(has, rng) for has in rng.choices(self.faces, cum_weights=self.weights, k=count)]


def new_words(known: list[str], teller: Teller, rng: random.Random) -> list[str]:
    texts = [list(told) for told in teller.tell(GATHERED, rng)]
    return sorted(set(vocabulary(texts)) - set(known) - silent())


def with_more_words(path: Path, more: list[str]) -> T2fEncoder:
    """The encoder of a file, with room for more words behind its own; a new word is at first an unknown one."""
    old, known = load_encoder(path)
    encoder = T2fEncoder(replace(old.config, vocabulary=SPECIAL + len(known) + len(more)))
    encoder.load_state_dict(with_new_words(old.state_dict(), len(more)))
    return encoder.eval()


def main() -> None:
    parser = arguments(__doc__, steps=4000, rate=1e-3)
    parser.add_argument("--unknown", type=float, default=0.04, help="share of words that training hides")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    teacher, known = load_encoder(args.encoder)
    faces, held = ([frozenset(r["attributes"]) for r in data.read_attributes(s)] for s in ("train", "val"))
    teller = Teller(faces)
    words = known + new_words(known, teller, random.Random(args.seed))
    encoder = with_more_words(args.encoder, words[len(known) :])
    longest = teacher.config.longest

    written, typed = (list(texts) for texts in zip(*Teller(held).tell(2000, random.Random(7)), strict=True))

    @torch.no_grad()
    def judge() -> dict[str, float]:
        """Of held-out faces: how near the sentence is to what it was, as the grammar writes and as people type."""
        aims = teacher(tokens_of(written, known, longest))
        return {
            "cosine_as_written": alike(encoder(tokens_of(written, words, longest)), aims),
            "cosine_as_typed": alike(encoder(tokens_of(typed, words, longest)), aims),
        }

    def pairs(step: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
        told = teller.tell(args.batch, random.Random(f"{args.seed} {step}"))
        plain, other = (list(texts) for texts in zip(*told, strict=True))
        kept = args.batch // 3
        rows = tokens_of(plain[:kept] + other[kept:], words, longest)
        # Strangers among what is typed, as when it was trained; what the grammar writes stays word for word.
        strange = with_strangers(rows[kept:], args.unknown, draw)
        width = max(rows.shape[1], strange.shape[1])
        return tokens_of(plain, known, longest), torch.cat([_wide(rows[:kept], width), _wide(strange, width)])

    widen(args, encoder, teacher, pairs, judge)
    save_encoder(args.out / "encoder.safetensors", encoder, words, torch.float32)
    save_encoder(args.out / "landed.safetensors", encoder, words, torch.float16)


def _wide(rows: Tensor, width: int) -> Tensor:
    """PADDING, 0, behind what is shorter"""
    return torch.nn.functional.pad(rows, (0, width - rows.shape[1]))


if __name__ == "__main__":
    main()
