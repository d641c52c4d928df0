"""What the trainers have around their step, and the step: a stop that is asked for kindly, a log, a moving average,
rates that rise and fall, a pass over the training set."""

import csv
import itertools
import math
import signal
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn


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
    print({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
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


def descend(
    loss: Tensor,
    parameters: list[nn.Parameter],
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    """One step down the loss, by a gradient no longer than 5."""
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 5.0)
    optimiser.step()
    schedule.step()


def one_pass(
    count: int, batch: int, generator: torch.Generator, step: Callable[[Tensor], dict[str, Tensor]]
) -> dict[str, float]:
    """Once through `count` rows in an order of its own, `batch` of them a step; what is left over waits for another
    pass → the means of what the steps answer"""
    order = torch.randperm(count, generator=generator)
    batches, sums = count // batch, {}
    assert batches, f"{count} rows are less than a batch of {batch}"
    for b in range(batches):
        for name, value in step(order[b * batch : (b + 1) * batch]).items():
            sums[name] = sums.get(name, 0.0) + float(value.detach()) / batches
    return sums
