"""What the trainers have around their step: a stop that is asked for kindly, a log, checkpoints, a moving average."""

import argparse
import csv
import itertools
import math
import signal
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import parallel


class Asked:
    """`stop` turns True when the process is asked to end (SIGTERM, Ctrl+C): the step ends first, and all is saved."""

    def __init__(self) -> None:
        self.stop = False
        signal.signal(signal.SIGTERM, self._hear)
        signal.signal(signal.SIGINT, self._hear)

    def _hear(self, *_: object) -> None:
        self.stop = True


def write_row(folder: Path, row: dict) -> None:
    """To the end of log.csv, whose first line names the columns; and to be seen. A log with other columns, of a trainer
    that said less, is put aside as log-1.csv, log-2.csv, …"""
    print(row, flush=True)
    path = folder / "log.csv"
    if path.exists() and path.read_text().partition("\n")[0].strip() not in ("", ",".join(row)):
        path.rename(next(p for p in (folder / f"log-{n}.csv" for n in itertools.count(1)) if not p.exists()))
    with open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, row)
        if file.tell() == 0:
            writer.writeheader()
        writer.writerow(row)


@torch.no_grad()
def follow(average: nn.Module, module: nn.Module, decay: float) -> None:
    """average ← decay · average + (1 − decay) · module, buffers too"""
    torch._foreach_lerp_(list(average.parameters()), list(module.parameters()), 1 - decay)
    theirs = dict(module.named_buffers())
    for name, buffer in average.named_buffers():
        if buffer.is_floating_point():
            buffer.lerp_(theirs[name], 1 - decay)
        else:
            buffer.copy_(theirs[name])


def warm_cosine(optimiser: torch.optim.Optimizer, steps: int, warm: int) -> torch.optim.lr_scheduler.LambdaLR:
    """The optimiser's rates rise over `warm` steps and fall to nothing along a half cosine over `steps`."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / warm) * 0.5 * (1 + math.cos(math.pi * min(1, s / steps)))
    )


class GanRun:
    """A run whose length is counted in pictures. Whoever derives from it has `args` (pictures, batch, out, log_every,
    save_every), `done`, `device`, `rank`, and the two that do the work."""

    args: argparse.Namespace
    done: int
    device: torch.device
    # Of several processes that share the batch, the first logs.
    rank: int = 0

    def step(self) -> dict[str, Tensor]:
        """Trains on one batch and adds it to `done` → losses, `loss_d` and `loss_g` among them"""
        raise NotImplementedError

    def save(self) -> None:
        raise NotImplementedError

    def run(self) -> None:
        args, asked = self.args, Asked()
        args.out.mkdir(parents=True, exist_ok=True)
        begun = time.time()
        counted, sums, steps = self.done, {}, 0
        while self.done < args.pictures and not parallel.agreed(asked.stop, self.device):
            for name, value in self.step().items():
                sums[name] = sums.get(name, 0) + value.detach()
            steps += 1
            if steps % args.log_every == 0:
                row = {"pictures": self.done} | {k: round(float(v) / args.log_every, 4) for k, v in sums.items()}
                row["pictures_per_second"] = round((self.done - counted) / (time.time() - begun), 2)
                if not np.isfinite(row["loss_d"] + row["loss_g"]):
                    raise SystemExit(f"diverged at {self.done} pictures; the last checkpoint stands")
                if self.rank == 0:
                    write_row(args.out, row)
                counted, begun, sums = self.done, time.time(), {}
            # Every process must come to the same decision, so it hangs on the count, not on a clock.
            if self.done % args.save_every < args.batch:
                self.save()
        self.save()
