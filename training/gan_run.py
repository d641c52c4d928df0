"""What the GAN trainers have in common: a run that is counted in pictures, stops and goes on, alone or with others."""

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from PIL import Image
from torch import Tensor, nn

import parallel
from checkpoint import load_checkpoint, save_checkpoint
from running import Asked, follow, write_row

# What may differ from one part of a run to the next without a word: it changes nothing that is learnt, or, as the seed,
# is the checkpoint's own.
OF_NO_WEIGHT = {"seed", "out", "pictures", "save_every", "log_every", "device", "init"}


def add_arguments(parser: argparse.ArgumentParser, apart: float, interpolated: float, save_every: int) -> None:
    """Those that every GAN here is trained by; the defaults that differ are given."""
    parser.add_argument("--half-life", type=float, default=10_000, help="of the weights' moving average, in pictures")
    parser.add_argument("--interpolated", type=float, default=interpolated, help="GAN-INT: mixtures in a batch of G")
    parser.add_argument("--match", type=float, default=1.0, help="weight of matching in the generator's loss")
    parser.add_argument("--pairs", type=float, default=0.25, help="share of G's batch that repeats a caption")
    parser.add_argument("--seeking", type=float, default=6.0, help="weight of the mode-seeking hinge")
    parser.add_argument("--apart", type=float, default=apart, help="relative distance of a pair that satisfies it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=save_every, help="pictures between checkpoints")
    parser.add_argument("--log-every", type=int, default=20, help="steps between log lines")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def set_rates(optimiser: torch.optim.Optimizer, rates: list[float]) -> None:
    """One a group of parameters. A checkpoint's would win otherwise, and a run could not be cooled down at its end."""
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate


def write_sheet(path: Path, lines: Iterable[Iterable[np.ndarray]]) -> None:
    """Lines of pictures [S,S,3] uint8 as one PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate([np.concatenate(list(line), 1) for line in lines], 0)).save(path)


class GanRun:
    """Whoever derives from it builds `generator`, `average` and the rest, calls `resume`, and has the two that do the
    work: `step` and `save`.

    args: of `add_arguments`, and out, pictures and batch
    state: name → module or optimiser, all that a checkpoint holds"""

    generator: nn.Module
    average: nn.Module
    state: dict[str, nn.Module | torch.optim.Optimizer]
    done: int = 0
    # Pictures that critics saw before `done` was counted on.
    watched: int = 0
    # Pictures that the average's half-life begins with.
    head_start: int = 0

    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.device = torch.device(args.device)
        self.shared = dist.is_initialized()
        self.rank = dist.get_rank() if self.shared else 0
        self.world = dist.get_world_size() if self.shared else 1
        self.random = torch.Generator().manual_seed(args.seed + 1000 * self.rank)

    def step(self) -> dict[str, Tensor]:
        """Trains on one batch and adds it to `done` → losses and what else is logged; all finite, or the run ends"""
        raise NotImplementedError

    def save(self) -> None:
        raise NotImplementedError

    @property
    def seen(self) -> int:
        """All that steps were made of; unlike `done` it grows in every one."""
        return self.done + self.watched

    def resume(self, late: frozenset[str] = frozenset()) -> dict:
        """Goes on from the checkpoint in `args.out`, if there is one → what it holds beside `state`. Parts in `late`
        may have joined the run after it was written."""
        self.done, extra = load_checkpoint(self.args.out / "checkpoint.pt", self.state, self.random, late)
        asked = self._asked()
        for name, before in extra.get("asked", {}).items():
            if name in asked and asked[name] != before and self.rank == 0:
                print(f"--{name.replace('_', '-')} is {asked[name]} from here on; it was {before}", flush=True)
        return extra

    def share(self, modules: list[nn.Module]) -> None:
        """The first process's networks become everybody's; what is drawn stays everyone's own."""
        if self.shared:
            parallel.broadcast(modules)
        if self.rank and self.seen:
            # The checkpoint holds the first process's draws; the others must not see the same pictures.
            self.random.manual_seed(self.args.seed + 1000 * self.rank + self.seen)

    def keep(self, **extra: object) -> None:
        """Writes the checkpoint, with `extra` beside `state`."""
        beside = {"asked": self._asked()} | extra
        save_checkpoint(self.args.out / "checkpoint.pt", self.state, self.done, self.random, beside)

    def _asked(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self.args).items() if name not in OF_NO_WEIGHT}

    def move(self, optimiser: torch.optim.Optimizer, loss: Tensor, modules: Iterable[nn.Module]) -> None:
        """One step down the loss; of several processes, down the mean of theirs. modules: those that are moved"""
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.shared:
            for module in modules:
                parallel.average_gradients(module)
        optimiser.step()

    def follow(self) -> None:
        """The average's half-life is `--half-life`, shorter at the start."""
        half_life = min(self.args.half_life, max(self.done, 1) * 0.1 + self.head_start)
        follow(self.average, self.generator, 0.5 ** (self.args.batch / half_life))

    def run(self) -> None:
        args, asked = self.args, Asked()
        args.out.mkdir(parents=True, exist_ok=True)
        begun = time.time()
        counted, sums, steps = self.seen, {}, 0
        while self.done < args.pictures and not parallel.agreed(asked.stop, self.device):
            for name, value in self.step().items():
                sums[name] = sums.get(name, 0) + value.detach()
            steps += 1
            if steps % args.log_every == 0:
                row = {"pictures": self.done} | {k: round(float(v) / args.log_every, 4) for k, v in sums.items()}
                row["pictures_per_second"] = round((self.seen - counted) / (time.time() - begun), 2)
                if not np.isfinite(list(row.values())).all():
                    raise SystemExit(f"diverged at {self.done} pictures; the last checkpoint stands")
                if self.rank == 0:
                    write_row(args.out, row)
                counted, begun, sums = self.seen, time.time(), {}
            # Every process must come to the same decision, so it hangs on the count, not on a clock.
            if self.seen % args.save_every < args.batch:
                self.save()
        self.save()
