"""Teaches the trained text encoder more words for colours, and how people type, without moving what it says of the
captions that it knows: a caption in other words (colour_words.py), and one that is typed (flower_words.py), is to have
the sentence of the caption as it was written. The generators that were trained on its sentences stay as they are.

    python widen_text_encoder.py --encoder weights/text-encoder.safetensors --out out/text-encoder-wide

Writes encoder.safetensors (float32), landed.safetensors (8 bits) and log.csv. Resumes from its checkpoint when --out
has one.
"""

import random
from pathlib import Path

import torch
from torch import Tensor, nn

import colour_words
import data
import flower_words
from checkpoint import load_weights, save_weights
from colour_words import in_other_words
from flower_words import told_twice
from models.char_cnn_rnn import CharCnnRnn, Config
from sentences import encode_all
from train_text_encoder import with_typos
from widening import alike, arguments, widen


def load(path: Path) -> tuple[CharCnnRnn, dict]:
    weights, metadata = load_weights(path)
    encoder = CharCnnRnn(Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}))
    encoder.load_state_dict({k: v.float() for k, v in weights.items()})
    return encoder.eval(), metadata


def rewritten(captions: list[str], rng: random.Random) -> Tensor:
    """→ characters [N,length] of the captions in other words"""
    return encode_all([[in_other_words(c, rng) for c in captions]])[0]


@torch.no_grad()
def read_all(encoder: CharCnnRnn, characters: Tensor) -> Tensor:
    return torch.cat([encoder(part) for part in characters.split(256)])


def read(encoder: nn.Module, characters: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return encoder(characters)


def main() -> None:
    parser = arguments(__doc__, steps=1600, rate=5e-4)
    parser.add_argument("--typos", type=float, default=0.1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    (encoder, metadata), (teacher, _) = load(args.encoder), load(args.encoder)
    teacher.requires_grad_(False)
    captions, held = ([c for of_one in data.read_captions("flowers", s) for c in of_one] for s in ("train", "val"))
    written, reworded = encode_all([held])[0], rewritten(held, random.Random(7))
    told, typed = (encode_all([texts])[0] for texts in told_twice(1000, random.Random(8)))

    def judge() -> dict[str, float]:
        """How near the sentence is to what it was: of held-out captions as written and in other words, and of captions
        as people type them."""
        aims = read_all(teacher, written)
        return {
            "cosine_as_written": alike(read_all(encoder, written), aims),
            "cosine_in_other_words": alike(read_all(encoder, reworded), aims),
            "cosine_as_typed": alike(read_all(encoder, typed), read_all(teacher, told)),
        }

    def pairs(step: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
        third = args.batch // 3
        rng = random.Random(f"{args.seed} {step}")
        picked = [captions[i] for i in torch.randint(0, len(captions), (2 * third,), generator=draw).tolist()]
        told, typed = told_twice(args.batch - 2 * third, rng)
        other = torch.cat([encode_all([[*picked[:third], *typed]])[0], rewritten(picked[third:], rng)])
        plain = encode_all([[*picked[:third], *told, *picked[third:]]])[0]
        return plain, with_typos(other, args.typos, draw)

    widen(args, encoder, teacher, pairs, judge, read)
    described = {"config": metadata["config"], "taught": sorted({*colour_words.taught(), *flower_words.taught()})}
    save_weights(args.out / "encoder.safetensors", encoder.state_dict(), described)
    save_weights(args.out / "landed.safetensors", encoder.state_dict(), described, torch.int8)


if __name__ == "__main__":
    main()
