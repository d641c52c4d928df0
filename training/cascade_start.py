"""What MirrorGAN's training begins with: landed weights of its own, or of the flower generator, which is its first
stage but for conditioning augmentation."""

from pathlib import Path

import torch
from torch import nn

from checkpoint import load_weights, prefixed
from models.glam import Glam


def start_from(path: Path, generator: Glam, critics: nn.ModuleDict) -> int:
    """Fills generator and critics in place; a stage that had not begun to learn is left as it is → the pictures that
    the weights have seen. The flower generator's sentences are ones that STEM has learnt to say."""
    weights, metadata = load_weights(path)
    painter, judges = prefixed(weights, "generator."), prefixed(weights, "critics.")
    if "text.weight" in painter:
        text, bias = painter.pop("text.weight"), painter.pop("text.bias")
        # μ is what the text's layer said, σ begins small.
        painter["augmentation.moments.weight"] = torch.cat([text, torch.zeros_like(text)])
        painter["augmentation.moments.bias"] = torch.cat([bias, torch.full_like(bias, -4.0)])
        for part in ("weight", "bias"):
            painter[f"paint.0.{part}"] = painter.pop(f"paint.{part}")
        one = prefixed(weights, "critic.")
        judges = {f"{i}.{k}": v for i in critics for k, v in one.items()}
    later = range(metadata.get("depth", 0), len(generator.config.stages))
    upper = tuple(f"stages.{i}." for i in later) + tuple(f"paint.{i + 1}." for i in later)
    painter = {k: v for k, v in painter.items() if not k.startswith(upper)}
    missing, extra = generator.load_state_dict(painter, strict=False)
    assert not extra, extra
    assert all(k.endswith("num_batches_tracked") or k.startswith(upper) for k in missing), missing
    # Landed for good, the cascade keeps the last stage's critic alone; the others begin anew.
    missing, extra = critics.load_state_dict(judges, strict=False)
    assert not extra and not any(k.startswith(f"{len(critics) - 1}.") for k in missing), (missing, extra)
    return int(metadata["pictures"])
