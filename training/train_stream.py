"""Trains the captioner STREAM, from ImageNet weights to the last word; its picture side also learns to lie close to the
frozen text encoder's sentence of the same picture (symmetric InfoNCE).

    python train_stream.py --out out/stream [--epochs 24]
    python train_stream.py --set faces --encoder weights/face-encoder.safetensors --out out/stream-faces --epochs 10

Writes landed.safetensors (the best epoch, float16) and log.csv. Resumes from its checkpoint when --out has one.
"""

import argparse
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import captioned
import data
from beam_search import beam_search
from caption_metrics import cider
from checkpoint import load_checkpoint, save_checkpoint
from models.stream import SPECIAL, UNKNOWN, Config, Stream, decode, encode, load_imagenet, save_stream
from running import descend, one_pass, warm_cosine, write_row
from sentences import cached_embeddings
from text import words
from train_evaluator import augmented, centre

ENCODER = Path(__file__).parent / "weights" / "text-encoder.safetensors"
# Words of a caption, `</s>` among them; longer ones are cut off.
LONGEST = {"flowers": Config.longest, "faces": 40}


def vocabulary(captions: list[list[str]], least: int = 4) -> list[str]:
    """Words that the training captions hold at least `least` times, in alphabetical order."""
    counts = Counter(word for of_one in captions for c in of_one for word in words(c))
    return sorted(word for word, n in counts.items() if n >= least)


def encode_all(captions: list[list[str]], vocabulary: list[str], longest: int) -> list[Tensor]:
    """→ a picture's captions as tokens, each [captions, longest]"""
    places = {word: i for i, word in enumerate(vocabulary, SPECIAL)}
    return [torch.tensor([encode(c, places, longest) for c in of_one]) for of_one in captions]


def word_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """logits [B,T,V], tokens [B,T] → mean −log p of a word; one that is not known is nobody's aim"""
    return F.cross_entropy(logits.float().flatten(0, 1), tokens.flatten(), ignore_index=UNKNOWN)


def match_loss(model: Stream, f: Tensor, sentences: Tensor, alike: Tensor) -> Tensor:
    """f [B,F], sentences [B,S], alike [B,B] as captioned.Alike has it → symmetric InfoNCE over cosines"""
    pictures, sentences = F.normalize(model.similarity(f), dim=1), F.normalize(sentences, dim=1)
    logits = model.temperature.exp().clamp(max=100) * pictures @ sentences.T
    # A picture of which the caption may be true is no honest negative.
    logits = logits.masked_fill(alike & ~torch.eye(len(f), dtype=torch.bool), -1e4)
    own = torch.arange(len(f))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


@torch.no_grad()
def features_of(model: Stream, pictures: np.ndarray) -> Tensor:
    """pictures [N,P,P,3] uint8, P ≥ size: their middle → f [N,F]"""
    parts = torch.from_numpy(pictures).split(64)
    return torch.cat([model.features(centre(part, model.config.size)) for part in parts])


@torch.no_grad()
def describe(model: Stream, f: Tensor, known: list[str]) -> list[str]:
    """f [N,F] → the caption that beam search finds for each"""
    found = (beam_search(model.step, state, model.config.longest)[0][0] for state in model.start(f))
    return [decode(tokens, known) for tokens in found]


@torch.no_grad()
def judge(
    model: Stream, known: list[str], val: data.Captioned, tokens: list[Tensor], speak: bool
) -> dict[str, float | str]:
    """Of the held-out photographs: mean −log p of a word, and CIDEr of what is said of them, where there is time."""
    model.eval()
    f = features_of(model, val.pictures)
    losses = []
    for k in range(max(len(t) for t in tokens)):
        aim = torch.stack([t[k % len(t)] for t in tokens])
        losses.append(float(word_loss(model.logits(f, aim), aim)))
    row: dict[str, float | str] = {"val_loss": float(np.mean(losses)), "val_cider": ""}
    if speak:
        references = [[words(c) for c in of_one] for of_one in val.captions]
        row["val_cider"] = cider([caption.split() for caption in describe(model, f, known)], references)
    return row


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", choices=captioned.SETS, default="flowers")
    parser.add_argument("--encoder", type=Path, default=ENCODER, help="of the sentences that pictures lie close to")
    parser.add_argument("--epochs", type=int, default=24, help="passes over the photographs")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--captions", type=int, default=2, help="of a picture in one step")
    parser.add_argument("--look", type=int, default=Config.look)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--rate-picture", type=float, default=2e-4, help="of what begins with ImageNet's weights")
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--match", type=float, default=0.5, help="weight of the contrastive loss")
    parser.add_argument("--seed", type=int, default=14)
    return parser.parse_args()


class Trainer:
    """Everything that one step needs; `losses` is what it goes down."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.train, self.alike = captioned.load(args.set, "train", Config.size)
        self.val, _ = captioned.load(args.set, "val", Config.size)
        self.known = vocabulary(self.train.captions)
        self.sentences = cached_embeddings(args.encoder, self.train.captions)
        sentence, longest = self.sentences[0].shape[1], LONGEST[args.set]
        config = Config(look=args.look, vocabulary=SPECIAL + len(self.known), similarity=sentence, longest=longest)
        torch.manual_seed(args.seed)
        self.model = Stream(config).to(memory_format=torch.channels_last)
        load_imagenet(self.model, data.DATA / "imagenet-features" / "squeezenet_v1_0.npz")
        self.tokens = encode_all(self.train.captions, self.known, config.longest)
        self.tokens_val = encode_all(self.val.captions, self.known, config.longest)
        self.pictures = torch.from_numpy(self.train.pictures)
        self.generator = torch.Generator().manual_seed(args.seed)
        self.batches = len(self.train) // args.batch
        steps = max(1, args.epochs * self.batches)
        self.optimiser = torch.optim.AdamW(self.groups())
        self.schedule = warm_cosine(self.optimiser, steps, warm=100)
        self.state = {"model": self.model, "optimiser": self.optimiser, "schedule": self.schedule}

    def groups(self) -> list[dict]:
        """The picture side goes slower than what begins from nothing; biases and the temperature do not decay."""
        groups = []
        for sees in (True, False):
            mine = [p for n, p in self.model.named_parameters() if n.startswith(("conv1", "fire")) == sees]
            rate = self.args.rate_picture if sees else self.args.rate
            groups.append({"params": [p for p in mine if p.ndim > 1], "lr": rate, "weight_decay": 0.05})
            groups.append({"params": [p for p in mine if p.ndim <= 1], "lr": rate, "weight_decay": 0.0})
        return groups

    def losses(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """rows [B] of the training photographs → (of words, of the match)"""
        args, model, generator = self.args, self.model, self.generator
        # args.captions different ones, as far as there are that many.
        picked = [torch.randperm(len(self.tokens[r]), generator=generator)[: args.captions] for r in rows.tolist()]
        tokens = torch.cat([self.tokens[r][p] for r, p in zip(rows.tolist(), picked, strict=True)])
        sentences = torch.stack([self.sentences[r][p[0]] for r, p in zip(rows.tolist(), picked, strict=True)])
        tokens = tokens[:, : int((tokens != UNKNOWN).any(0).nonzero().max()) + 1]
        pictures = augmented(self.pictures[rows], model.config.size, generator)
        with torch.autocast("cpu", torch.bfloat16):
            f = model.features(pictures)
            several = f.repeat_interleave(torch.tensor([len(p) for p in picked]), dim=0)
            logits = model.logits(several, tokens, args.dropout)
        alike = self.alike(rows, torch.stack([p[0] for p in picked]))
        match = match_loss(model, F.dropout(f.float(), args.dropout), sentences, alike)
        return word_loss(logits, tokens), match

    def step(self, rows: Tensor) -> dict[str, Tensor]:
        said, match = self.losses(rows)
        loss = said + self.args.match * match
        descend(loss, list(self.model.parameters()), self.optimiser, self.schedule)
        return {"loss_words": said, "loss_match": match}

    def run(self) -> None:
        args = self.args
        path = args.out / "checkpoint.pt"
        first, extra = load_checkpoint(path, self.state, self.generator)
        best = extra.get("best", math.inf)
        for epoch in range(first, args.epochs):
            self.model.train()
            torch.manual_seed(args.seed + epoch)  # of dropout, so that a resumed run is the run that never stopped
            begun = time.process_time()
            row = {"epoch": epoch + 1} | one_pass(len(self.train), args.batch, self.generator, self.step)
            speak = epoch % 4 == 3 or epoch + 1 == args.epochs
            row |= judge(self.model, self.known, self.val, self.tokens_val, speak)
            row["cpu_seconds"] = time.process_time() - begun
            if row["val_loss"] < best:
                best = row["val_loss"]
                save_stream(args.out / "landed.safetensors", self.model, self.known, row)
            save_checkpoint(path, self.state, epoch + 1, self.generator, {"best": best})
            write_row(args.out, row)


def main() -> None:
    trainer = Trainer(parse())
    print(f"{sum(p.numel() for p in trainer.model.parameters()):,} parameters, {len(trainer.known)} words", flush=True)
    trainer.run()


if __name__ == "__main__":
    main()
