"""Writes the files that tests/engine/weights cross-checks: a file by Python, and its meaning."""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save

FOLDER = Path(__file__).parent


def tensors() -> dict[str, np.ndarray]:
    g = np.random.default_rng(7)
    # Both zeros, the smallest and the largest subnormal, the smallest normal, 1's neighbour, the top.
    corners = np.array([0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C01, 0xFBFF], np.uint16)
    return {
        "half.weight": g.standard_normal((3, 3, 4, 5)).astype(np.float16),
        "half.corners": corners.view(np.float16),
        "single.weight": g.standard_normal((4, 5)).astype(np.float32),
        "single.corners": np.array([0.0, -0.0, 1e-45, 3.4028235e38, 1 / 3], np.float32),
        "scalar": np.array(-2.5, np.float32),
        "empty": np.zeros((0, 4), np.float32),
        "conv.weight": g.integers(-127, 128, (3, 3, 2, 5)).astype(np.int8),
        "conv.weight.scale": (g.random(5) / 100).astype(np.float32),
        "dense.weight": g.integers(-128, 128, (6, 3)).astype(np.int8),
        "dense.weight.scale": (g.random(3) / 100).astype(np.float16),
        "byte": np.arange(0, 256, 51, dtype=np.uint8),
        "whole": np.array([[-(2**24), 0, 2**24]], np.int32),
    }


def decoded(raw: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    values = {}
    for name, tensor in raw.items():
        if name.endswith(".scale"):
            continue
        value = tensor.astype(np.float32)
        values[name] = value * raw[name + ".scale"].astype(np.float32) if tensor.dtype == np.int8 else value
    return values


def expectation(raw: dict[str, np.ndarray]) -> dict:
    every_half = np.arange(65536, dtype=np.uint16).view(np.float16)
    finite = every_half[np.isfinite(every_half)].astype("<f4")
    return {
        # A float32 as a JSON number is exact; a zero's sign is written out as "-0.0".
        "tensors": {
            name: {"shape": list(value.shape), "values": [float(x) for x in value.ravel()]}
            for name, value in decoded(raw).items()
        },
        "everyFiniteHalfAsFloat32": {
            "count": len(finite),
            "sha256": hashlib.sha256(finite.tobytes()).hexdigest(),
        },
    }


def main() -> None:
    raw = tensors()
    (FOLDER / "python.safetensors").write_bytes(save(raw, metadata={"format": "limn", "note": "ä “quoted”"}))
    (FOLDER / "python.safetensors.json").write_text(json.dumps(expectation(raw)) + "\n")


if __name__ == "__main__":
    main()
