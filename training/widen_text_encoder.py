"""Teaches the trained text encoder more words for colours, without moving what it says of the captions that it knows:
a caption in other words (colour_words.py) is to have the sentence of the caption as it was written. The generators
that were trained on its sentences stay as they are.

    python widen_text_encoder.py --encoder weights/text-encoder.safetensors --out out/text-encoder-wide

Writes encoder.safetensors (float32), landed.safetensors (float16) and log.csv. Resumes from its checkpoint when --out
has one.
"""

import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import data
from checkpoint import load_checkpoint, load_weights, save_checkpoint, save_weights
from colour_words import in_other_words, taught
from models.char_cnn_rnn import CharCnnRnn, Config
from running import warm_cosine, write_row
from sentences import encode_all
from train_text_encoder import with_typos


def load(path: Path) -> tuple[CharCnnRnn, dict]:
    weights, metadata = load_weights(path)
    encoder = CharCnnRnn(Config(**{k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}))
    encoder.load_state_dict({k: v.float() for k, v in weights.items()})
    return encoder.eval(), metadata


def rewritten(captions: list[str], rng: random.Random) -> Tensor:
    """→ characters [N,length] of the captions in other words"""
    return encode_all([[in_other_words(c, rng) for c in captions]])[0]


@torch.no_grad()
def read(encoder: CharCnnRnn, characters: Tensor) -> Tensor:
    return torch.cat([encoder(part) for part in characters.split(256)])


def judge(encoder: CharCnnRnn, teacher: CharCnnRnn, held: list[str]) -> dict[str, float]:
    """Of held-out captions: mean cosine with what the sentence was, as written and in other words."""
    aims, own = read(teacher, encode_all([held])[0]), read(encoder, encode_all([held])[0])
    other = read(encoder, rewritten(held, random.Random(7)))
    return {
        "cosine_as_written": float(F.cosine_similarity(own, aims).mean()),
        "cosine_in_other_words": float(F.cosine_similarity(other, aims).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True, help="as train_text_encoder.py left it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--batch", type=int, default=192, help="captions; a third of them as they were written")
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--typos", type=float, default=0.1)
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    (encoder, metadata), (teacher, _) = load(args.encoder), load(args.encoder)
    teacher.requires_grad_(False)
    captions, held = ([c for of_one in data.read_captions("flowers", s) for c in of_one] for s in ("train", "val"))
    parameters = list(encoder.parameters())
    optimiser = torch.optim.Adam(parameters, args.rate)
    schedule = warm_cosine(optimiser, args.steps, warm=50)
    state = {"encoder": encoder, "optimiser": optimiser, "schedule": schedule}
    generator = torch.Generator().manual_seed(args.seed)
    first, _ = load_checkpoint(args.out / "checkpoint.pt", state, generator)
    args.out.mkdir(parents=True, exist_ok=True)
    if first == 0:
        write_row(args.out, {"step": 0, "loss": float("nan")} | judge(encoder, teacher, held) | {"seconds": 0.0})
    begun, total = time.process_time(), 0.0
    for step in range(first, args.steps):
        picked = [captions[i] for i in torch.randint(0, len(captions), (args.batch,), generator=generator).tolist()]
        plain = encode_all([picked])[0]
        written = args.batch // 3
        other = torch.cat([plain[:written], rewritten(picked[written:], random.Random(step))])
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                aims = teacher(plain).float()
            found = encoder(with_typos(other, args.typos, generator)).float()
        loss = F.mse_loss(found, aims)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % args.save_every == 0 or step + 1 == args.steps:
            row = {"step": step + 1, "loss": total / ((step % args.save_every) + 1)} | judge(encoder, teacher, held)
            write_row(args.out, row | {"seconds": time.process_time() - begun})
            begun, total = time.process_time(), 0.0
            save_checkpoint(args.out / "checkpoint.pt", state, step + 1, generator, {})
    described = {"config": metadata["config"], "taught": taught()}
    save_weights(args.out / "encoder.safetensors", encoder.state_dict(), described)
    save_weights(args.out / "landed.safetensors", encoder.state_dict(), described, torch.float16)


if __name__ == "__main__":
    main()
