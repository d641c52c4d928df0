"""Teaches the trained STEM more words for colours, and how people type, as widen_text_encoder.py does the char-CNN-RNN:
a caption in other words (colour_words.py), and one that is typed (flower_words.py), is to have the sentence of the
caption as it was written; and where it has as many words, each is to say what the written one says, since GLAM attends
to them. The generators that were trained on it stay as they are.

    python widen_stem.py --encoder weights/stem-flowers.safetensors --out out/stem-wide

Writes landed.safetensors (8 bits) and log.csv. Resumes from its checkpoint when --out has one.
"""

import random
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

import colour_words
import data
import flower_words
from colour_words import in_other_words
from flower_words import told_twice
from models.stem import PADDING, SPECIAL, UNKNOWN, Stem, encode, load_stem, save_stem
from text import words
from widening import alike, arguments, widen, with_new_words


def with_more_words(path: Path) -> tuple[Stem, list[str]]:
    """→ STEM of a file with room for what is taught behind its own words, and all of them; a new word is at first an
    unknown one"""
    old, known = load_stem(path)
    more = sorted({*colour_words.taught(), *flower_words.taught()} - set(known))
    stem = Stem(replace(old.config, vocabulary=SPECIAL + len(known) + len(more)))
    stem.load_state_dict(with_new_words(old.state_dict(), len(more)))
    return stem.eval(), known + more


def rows_of(texts: list[str], vocabulary: list[str], longest: int, paired: Tensor) -> Tensor:
    """→ [N,longest + 1]: tokens, and 1 where their words are to be compared one by one"""
    places = {word: i for i, word in enumerate(vocabulary, SPECIAL)}
    return torch.cat([torch.tensor([encode(text, places, longest) for text in texts]), paired.long()[:, None]], 1)


def word_by_word(written: list[str], other: list[str]) -> Tensor:
    """→ [N]: have both as many words?"""
    return torch.tensor([len(words(a)) == len(words(b)) for a, b in zip(written, other, strict=True)])


def read(stem: nn.Module, rows: Tensor) -> Tensor:
    """→ [N,·]: the sentence, and what the words say where they are compared"""
    said, sentence = stem(rows[:, :-1])
    return torch.cat([sentence, (said * rows[:, -1, None, None]).flatten(1)], 1)


def hidden(rows: Tensor, share: float, draw: torch.Generator) -> Tensor:
    """The same tokens, some of them unknown: what nobody taught it is to be borne."""
    gone = (torch.rand(rows.shape, generator=draw) < share) & (rows != PADDING)
    gone[:, -1] = False
    return rows.masked_fill(gone, UNKNOWN)


def main() -> None:
    parser = arguments(__doc__, steps=2500, rate=1e-3)
    parser.add_argument("--unknown", type=float, default=0.03, help="share of words of what is typed that are hidden")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    teacher, known = load_stem(args.encoder)
    stem, vocabulary = with_more_words(args.encoder)
    stem.requires_grad_(True)
    longest = teacher.config.longest
    captions, held = ([c for of_one in data.read_captions("flowers", s) for c in of_one] for s in ("train", "val"))
    rng = random.Random(7)
    reworded = [in_other_words(c, rng) for c in held]
    told, typed = told_twice(1000, random.Random(8))

    def sentences(module: Stem, texts: list[str], of: list[str]) -> Tensor:
        rows = rows_of(texts, of, longest, torch.zeros(len(texts)))
        return torch.cat([module(part[:, :-1])[1] for part in rows.split(512)])

    @torch.no_grad()
    def judge() -> dict[str, float]:
        """How near the sentence is to what it was: of held-out captions as written and in other words, and of captions
        as people type them."""
        aims = sentences(teacher, held, known)
        return {
            "cosine_as_written": alike(sentences(stem, held, vocabulary), aims),
            "cosine_in_other_words": alike(sentences(stem, reworded, vocabulary), aims),
            "cosine_as_typed": alike(sentences(stem, typed, vocabulary), sentences(teacher, told, known)),
        }

    def pairs(step: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
        third, rng = args.batch // 3, random.Random(f"{args.seed} {step}")
        picked = [captions[i] for i in torch.randint(0, len(captions), (2 * third,), generator=draw).tolist()]
        plain, loose = told_twice(args.batch - 2 * third, rng)
        written = [*picked, *plain]
        other = [*picked[:third], *(in_other_words(c, rng) for c in picked[third:]), *loose]
        paired = word_by_word(written, other)
        paired[2 * third :] = False  # as many words as it may have, they stand in another order
        rows = rows_of(other, vocabulary, longest, paired)
        rows[2 * third :] = hidden(rows[2 * third :], args.unknown, draw)
        return rows_of(written, known, longest, paired), rows

    widen(args, stem, teacher, pairs, judge, read)
    save_stem(args.out / "landed.safetensors", stem, vocabulary, judge(), torch.int8)


if __name__ == "__main__":
    main()
