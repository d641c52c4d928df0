"""Checkpoints that survive a power cut: written beside, then renamed."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor


def save_checkpoint(path: Path, state: dict[str, Any], step: int, generator: torch.Generator, extra: dict) -> None:
    """state: name → module or optimiser (anything with state_dict)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    torch.save(
        {
            "state": {name: part_of.state_dict() for name, part_of in state.items()},
            "step": step,
            "generator": generator.get_state(),
            "extra": extra,
        },
        part,
    )
    part.replace(path)


def load_checkpoint(
    path: Path, state: dict[str, Any], generator: torch.Generator, late: frozenset[str] | set[str] = frozenset()
) -> tuple[int, dict]:
    """Restores `state` and `generator` in place → (step, extra); (0, {}) where there is no checkpoint. Those of `late`
    may have joined the run after it was written."""
    if not path.exists():
        return 0, {}
    saved = torch.load(path, map_location="cpu", weights_only=True)
    for name, part_of in state.items():
        if name not in late or name in saved["state"]:
            part_of.load_state_dict(saved["state"][name])
    generator.set_state(saved["generator"])
    return saved["step"], saved["extra"]


def save_weights(path: Path, tensors: dict[str, Tensor], metadata: dict, dtype: torch.dtype = torch.float32) -> None:
    """One safetensors file; floating tensors as `dtype`; counters (int64) are left out. int8: matrices and kernels as
    whole numbers with `name.scale` a row (an output's weights), as `export.py` ships them; the rest in float16."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {k: v.detach().cpu().float() for k, v in tensors.items() if v.is_floating_point()}
    kept = _in_8_bits(kept) if dtype == torch.int8 else {k: v.to(dtype).contiguous() for k, v in kept.items()}
    part = path.with_suffix(f".{os.getpid()}.part")
    save_file(kept, part, {k: json.dumps(v) for k, v in metadata.items()})
    part.replace(path)


def _in_8_bits(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    stored = {}
    for name, tensor in tensors.items():
        if tensor.ndim < 2:
            stored[name] = tensor.half()
            continue
        whole, scale = _in_levels(tensor, 127)
        stored[name], stored[f"{name}.scale"] = whole.to(torch.int8).contiguous(), scale
    return stored


def _in_levels(tensor: Tensor, levels: int) -> tuple[Tensor, Tensor]:
    """→ whole numbers from -levels to levels, and the scale of each row"""
    scale = (tensor.flatten(1).abs().amax(1) / levels).clamp(min=1e-12)
    return (tensor / _by_row(scale, tensor)).round().clamp(-levels, levels), scale


def rounded(tensor: Tensor, levels: int) -> Tensor:
    """A matrix or kernel in `levels` either side of 0, row by row; vectors as they are"""
    if tensor.ndim < 2:
        return tensor
    whole, scale = _in_levels(tensor, levels)
    return whole * _by_row(scale, tensor)


def _by_row(scale: Tensor, tensor: Tensor) -> Tensor:
    return scale.view(-1, *[1] * (tensor.ndim - 1))


def load_weights(path: Path) -> tuple[dict[str, Tensor], dict]:
    """→ (tensors as float32, metadata)"""
    with safe_open(path, "pt") as file:
        metadata = {k: json.loads(v) for k, v in (file.metadata() or {}).items()}
        stored = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
    weights = {}
    for name, tensor in stored.items():
        if tensor.dtype == torch.int8:
            weights[name] = tensor.float() * _by_row(stored[f"{name}.scale"], tensor)
        elif stored.get(name.removesuffix(".scale"), tensor).dtype != torch.int8:
            weights[name] = tensor.float()
    return weights, metadata


def fingerprint(tensors: dict[str, Tensor]) -> str:
    """12 digits that tell one network's weights from another's, in the float16 in which they land."""
    digest = hashlib.sha256()
    for name in sorted(k for k, v in tensors.items() if v.is_floating_point()):
        digest.update(name.encode() + tensors[name].detach().cpu().half().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


def painter(landed: dict[str, Tensor], encoder: dict[str, Tensor]) -> dict[str, str]:
    """What tells a generator and the text encoder that it hears from any others: figures say by it whose they are."""
    return {"generator": fingerprint(prefixed(landed, "generator.")), "encoder": fingerprint(encoder)}


def prefixed(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, without it."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
