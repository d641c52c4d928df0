"""Teaches the trained text encoder more words for colours, without moving what it says of the captions that it knows:
a caption in other words (colour_words.py) is to have the sentence of the caption as it was written. The generators
that were trained on its sentences stay as they are.

    python widen_text_encoder.py --encoder weights/text-encoder.safetensors --out out/text-encoder-wide

Writes encoder.safetensors (float32), landed.safetensors (float16) and log.csv. Resumes from its checkpoint when --out
has one.
"""

import random
from pathlib import Path

import torch
from torch import Tensor, nn

import data
from checkpoint import load_weights, save_weights
from colour_words import in_other_words, taught
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
    parser = arguments(__doc__, steps=1200, rate=5e-4)
    parser.add_argument("--typos", type=float, default=0.1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    (encoder, metadata), (teacher, _) = load(args.encoder), load(args.encoder)
    teacher.requires_grad_(False)
    captions, held = ([c for of_one in data.read_captions("flowers", s) for c in of_one] for s in ("train", "val"))
    written, reworded = encode_all([held])[0], rewritten(held, random.Random(7))

    def judge() -> dict[str, float]:
        """Of held-out captions: how near the sentence is to what it was, as written and in other words."""
        aims = read_all(teacher, written)
        return {
            "cosine_as_written": alike(read_all(encoder, written), aims),
            "cosine_in_other_words": alike(read_all(encoder, reworded), aims),
        }

    def pairs(step: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
        picked = [captions[i] for i in torch.randint(0, len(captions), (args.batch,), generator=draw).tolist()]
        plain = encode_all([picked])[0]
        kept = args.batch // 3
        other = torch.cat([plain[:kept], rewritten(picked[kept:], random.Random(step))])
        return plain, with_typos(other, args.typos, draw)

    widen(args, encoder, teacher, pairs, judge, read)
    described = {"config": metadata["config"], "taught": taught()}
    save_weights(args.out / "encoder.safetensors", encoder.state_dict(), described)
    save_weights(args.out / "landed.safetensors", encoder.state_dict(), described, torch.float16)


if __name__ == "__main__":
    main()
