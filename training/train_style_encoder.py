"""Trains the style encoder S against a frozen generator G (Reed et al. 2016, section 4.4): on what G paints it should
find z again, and what G paints from S of a photograph, with its caption, should look like the photograph.

    python train_style_encoder.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --out out/style-encoder

Writes log.csv, sheets/*.png and landed.safetensors (float16, small enough to keep). Stops and resumes at any point.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import captioned
import data
from augment import crop_and_flip
from backgrounds import borders
from checkpoint import fingerprint, load_checkpoint, load_weights, prefixed, save_checkpoint
from gan_run import write_sheet
from inversion import Likeness, distance_to
from memory import Memory
from models.squeezenet import SqueezeNet
from models.style_encoder import Config, StyleEncoder, save_style_encoder
from painted import load_generator, to_bytes
from running import Asked, write_row
from sentences import embed_captions
from style_figures import middle, to_tensor
from style_losses import border_distance, neighbours_loss


class Trainer:
    """One generator that stays as it is, one style encoder, and the step that moves it."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.device = torch.device(args.device)
        torch.manual_seed(args.seed)
        self.random = torch.Generator().manual_seed(args.seed)
        self.generator = load_generator(args.landed).to(self.device).requires_grad_(False)
        tensors, metadata = load_weights(args.landed)
        # What it inverts; export and measuring hold the generator against it.
        self.inverts = {"generator": fingerprint(prefixed(tensors, "generator."))}
        self.inverts |= {"generatorPictures": metadata["pictures"]}
        size = self.generator.config.size
        self.feed = captioned.feed(args.set, args.encoder, size, self.device, self.random)
        found = borders(middle(self.feed.pictures.cpu().numpy(), size))[0]
        self.borders = torch.from_numpy(found).float().to(self.device)
        self.memory = Memory(self.generator, self.feed.sentences, args.paint, args.remember, args.seed)
        weights = data.DATA / "imagenet-features" / "squeezenet_v1_0.npz"
        self.frozen = SqueezeNet(weights, torch.bfloat16).to(self.device) if args.feature else None
        self.weights = {
            "missed": args.recover,
            "apart": args.picture,
            "strayed": args.keep,
            "unlike": args.neighbours,
        }
        self.like = Likeness(edges=tuple(args.edges), feature=args.feature)
        config = Config(z=self.generator.config.z, size=size, channels=tuple(args.channels))
        self.encoder = StyleEncoder(config, normed=True).to(self.device, memory_format=torch.channels_last)
        for conv in self.encoder.convs:
            nn.init.kaiming_normal_(conv.weight, 0.2)  # as wide as PyTorch's own start is narrow: it is twice as fast
        self.optimiser = torch.optim.Adam(self.encoder.parameters(), args.rate)
        self.state = {"encoder": self.encoder, "optimiser": self.optimiser}
        self.done, extra = load_checkpoint(args.out / "checkpoint.pt", self.state, self.random)
        assert not extra or extra["inverts"] == self.inverts, f"{args.out} was begun against another generator"
        blocks = self.blocks(self.done)
        for number in range(max(0, blocks - args.remember), blocks):
            self.memory.paint(number)

    def blocks(self, steps: int) -> int:
        """How many blocks were painted in the first `steps` steps: one a step at first, later, where time goes into
        photographs, one every few."""
        alone = min(steps, self.args.alone)
        return alone + math.ceil((steps - alone) / self.args.every)

    def with_photographs(self, painted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """→ styles of painted pictures [B,Z], what photographs ask of S. Some of them are painted again: the last from
        their own caption, to look like them, the first from another's, to keep the background."""
        args = self.args
        rows, captions = self.feed.pick(args.photographs)
        photographs = crop_and_flip(self.feed.pictures[rows], self.encoder.config.size, self.random)
        found, styles = self.encoder(torch.cat([painted, photographs])).split([len(painted), len(photographs)])
        swapped, shown = int(args.shown * args.swapped), args.shown
        own = self.feed.sentences[captions]
        again = self.generator(styles[:shown], torch.cat([own.roll(1, 0)[:swapped], own[swapped:shown]]))
        terms = {
            "apart": distance_to(photographs[swapped:shown], self.like, self.frozen)(again[swapped:]),
            "strayed": border_distance(photographs[:swapped], again[:swapped]),
            "unlike": neighbours_loss(styles, self.borders[rows]),
        }
        return found, {name: term.mean() if len(term) else term.sum() for name, term in terms.items()}

    def step(self) -> dict[str, Tensor]:
        args = self.args
        for group in self.optimiser.param_groups:
            cosine = 0.5 * (1 + math.cos(math.pi * self.done / args.steps))
            group["lr"] = args.rate * min(1, (self.done + 1) / 20) * cosine
        for number in range(self.blocks(self.done), self.blocks(self.done + 1)):
            self.memory.paint(number)
        painted, z = self.memory.draw(args.batch, self.random)
        with torch.autocast(self.device.type, torch.bfloat16):
            if self.done < args.alone:
                found, terms = self.encoder(painted), {}
            else:
                found, terms = self.with_photographs(painted)
            # On the shell |z − S|² is 2·Z·(1 − cos), and the prior's own norm is nearly the shell's.
            terms = {"missed": (1 - F.cosine_similarity(found, z)).mean()} | terms
            loss = sum(self.weights[name] * term for name, term in terms.items())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.done += 1
        return {"loss": loss} | {name: terms.get(name, loss * 0) for name in self.weights}

    @torch.no_grad()
    def sheet(self, path: Path, rows: int = 10) -> None:
        """Photographs of val; each painted again from its style and caption, then in its style by others' captions."""
        size = self.encoder.config.size
        chosen = torch.linspace(0, len(self.feed.val) - 1, rows).long().tolist()
        captions = [self.feed.val.captions[i][:1] for i in chosen]
        sentences = torch.cat(embed_captions(self.args.encoder, captions)).to(self.device)
        photographs = middle(self.feed.val.pictures[chosen], size)
        x = to_tensor(photographs).to(self.device)
        lines = []
        for i, style in enumerate(self.encoder.folded().to(self.device)(x)):
            order = [i, *(j for j in range(rows) if j != i)]
            again = self.generator(style.expand(rows, -1), sentences[order])
            lines.append([photographs[i], *to_bytes(again.cpu())])
        write_sheet(path, lines)

    def save(self) -> None:
        save_checkpoint(self.args.out / "checkpoint.pt", self.state, self.done, self.random, {"inverts": self.inverts})
        self.sheet(self.args.out / "sheets" / f"{self.done:05d}.png")
        save_style_encoder(
            self.args.out / "landed.safetensors", self.encoder.folded(), self.inverts | {"steps": self.done}
        )

    def run(self) -> None:
        asked = Asked()
        self.args.out.mkdir(parents=True, exist_ok=True)
        begun, sums, counted = time.process_time(), {}, 0
        while self.done < self.args.steps and not asked.stop:
            for name, value in self.step().items():
                sums[name] = sums.get(name, 0) + value.detach()
            counted += 1
            if self.done % self.args.log_every == 0:
                row = {"step": self.done} | {k: round(float(v) / counted, 4) for k, v in sums.items()}
                row["processor_seconds_per_step"] = round((time.process_time() - begun) / counted, 3)
                if not np.isfinite(row["loss"]):
                    raise SystemExit(f"diverged at step {self.done}; the last checkpoint stands")
                write_row(self.args.out, row)
                begun, sums, counted = time.process_time(), {}, 0
            if self.done % self.args.save_every == 0:
                self.save()
        self.save()
        if self.done < self.args.steps:
            # Not 0, so that no script exports half of it.
            raise SystemExit(f"stopped at step {self.done} of {self.args.steps}; start it again to go on")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True, help="the generator that is inverted")
    parser.add_argument("--set", choices=captioned.SETS, default="flowers")
    parser.add_argument("--encoder", type=Path, required=True, help="of the captions")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=560)
    parser.add_argument("--alone", type=int, default=160, help="of them, the first, on painted pictures only: cheap")
    parser.add_argument("--paint", type=int, default=64, help="new pictures, in each of those")
    parser.add_argument("--every", type=int, default=4, help="steps between new pictures, after those")
    parser.add_argument("--remember", type=int, default=256, help="times --paint: pictures kept")
    parser.add_argument("--batch", type=int, default=128, help="of kept pictures in a step")
    parser.add_argument("--photographs", type=int, default=96, help="in a step")
    parser.add_argument("--shown", type=int, default=48, help="of them, painted again")
    parser.add_argument("--neighbours", type=float, default=0.4, help="weight of: like backgrounds, like styles")
    parser.add_argument("--channels", type=int, nargs="+", default=Config.channels)
    parser.add_argument("--rate", type=float, default=3e-3, help="falls to 0 as a cosine")
    parser.add_argument("--recover", type=float, default=1.0, help="weight of 1 − cos(z, S(G(z,t)))")
    parser.add_argument("--picture", type=float, default=1.0, help="weight of the distance from G(S(x),t) to x")
    parser.add_argument("--keep", type=float, default=3.0, help="weight of the border's, under another caption")
    parser.add_argument("--swapped", type=float, default=0.5, help="share of photographs that get such a caption")
    parser.add_argument("--edges", type=int, nargs="+", default=[64, 32, 16, 8], help="of the pyramid of pictures")
    parser.add_argument("--feature", type=float, default=0.3, help="weight of frozen features in that distance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--log-every", type=int, default=20, help="steps between log lines")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def main() -> None:
    Trainer(parse()).run()


if __name__ == "__main__":
    main()
