"""What ships, read back: the way of arrays.py in the other direction, so that training can go on from a clone alone."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor, nn

from models.equalised import Equalised
from models.t2f import Generator


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """As `arrays.store` wrote them → float32"""
    stored = load_file(path)
    arrays = {}
    for name, array in stored.items():
        if array.dtype == np.int8:
            arrays[name] = array.astype(np.float32) * stored[f"{name}.scale"]
        elif stored.get(name.removesuffix(".scale"), array).dtype != np.int8:
            arrays[name] = array.astype(np.float32)
    return arrays


def unkernel(array: np.ndarray) -> np.ndarray:
    """[kh,kw,in,out] → [out,in,kh,kw]"""
    return array.transpose(3, 2, 0, 1)


def t2f_state(arrays: dict[str, np.ndarray], generator: Generator) -> dict[str, Tensor]:
    """What `arrays.t2f_arrays` made → a state for such a generator"""
    first = generator.config.channels[0]
    seed = arrays["seed.weight"]
    seed = seed.reshape(seed.shape[0], 4, 4, first).transpose(3, 1, 2, 0).reshape(first * 16, -1)
    bias = arrays["seed.bias"].reshape(4, 4, first).transpose(2, 0, 1).ravel()
    turned = {"seed.weight": seed, "seed.bias": bias}
    state = {}
    for name, layer in generator.named_modules():
        if isinstance(layer, Equalised | nn.Linear):
            weight = turned.get(f"{name}.weight", arrays[f"{name}.weight"])
            if name != "seed":
                weight = unkernel(weight) if weight.ndim == 4 else weight.T
            scale = layer.scale if isinstance(layer, Equalised) else 1
            state[f"{name}.weight"] = torch.from_numpy(np.ascontiguousarray(weight)) / scale
            state[f"{name}.bias"] = torch.from_numpy(turned.get(f"{name}.bias", arrays[f"{name}.bias"]))
    return state


def t2f_from(folder: Path, generator: Generator) -> int:
    """Fills `generator` with the one in a model's folder of ../public/models → the pictures that it has seen"""
    arrays = read_arrays(folder / "generator.safetensors")
    generator.load_state_dict(t2f_state(arrays, generator))
    return int(json.loads((folder / "card.json").read_text(encoding="utf-8"))["training"]["pictures"])
