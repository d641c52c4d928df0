"""What several processes of one run share (torchrun; gloo on CPUs, nccl on GPUs)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import nn


@contextmanager
def processes(device: str) -> Iterator[None]:
    """Around a whole run: joins the others where torchrun started it, and leaves when all of them are ready to."""
    if "WORLD_SIZE" in os.environ:
        dist.init_process_group("nccl" if device == "cuda" else "gloo")
    yield
    if dist.is_initialized():
        # The first process saves longest, and the others must not go before it. All is on disk then: leave at once,
        # since gloo's threads sometimes abort a process whose interpreter winds down ("terminate called without …").
        dist.barrier()
        dist.destroy_process_group()
        sys.stdout.flush()
        os._exit(0)


def broadcast(modules: list[nn.Module]) -> None:
    for module in modules:
        for tensor in module.state_dict().values():
            dist.broadcast(tensor, 0)


def average_gradients(module: nn.Module) -> None:
    """What DistributedDataParallel does, in one message; a step here runs parts of a module, which DDP cannot wrap."""
    gradients = [p.grad for p in module.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def average_buffers(module: nn.Module) -> None:
    """Running means of the normalisations, so that every process evaluates the same network."""
    for buffer in module.buffers():
        if buffer.is_floating_point():
            dist.all_reduce(buffer)
            buffer /= dist.get_world_size()


def agreed(stop: bool, device: torch.device) -> bool:
    """A signal reaches the processes at different steps; they stop together, or they would wait for ever."""
    if not dist.is_initialized():
        return stop
    asked = torch.tensor(float(stop), device=device)
    dist.all_reduce(asked, dist.ReduceOp.MAX)
    return bool(asked)
