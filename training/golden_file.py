"""How tests/golden/*.safetensors are written."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from torch import Tensor

from manifest import Arrays


def write(out: Path, name: str, config: dict, parameters: Arrays, values: dict[str, Tensor]) -> None:
    """name.safetensors: `parameters` as p.*, as the engine has them, and `values`; name.json: `config`"""
    arrays = {f"p.{k}": np.ascontiguousarray(v, np.float32) for k, v in parameters.items()}
    for key, value in values.items():
        array = value.detach().numpy()
        arrays[key] = np.ascontiguousarray(array, np.int32 if array.dtype == np.int64 else np.float32)
    out.mkdir(parents=True, exist_ok=True)
    save_file(arrays, out / f"{name}.safetensors")
    (out / f"{name}.json").write_text(json.dumps(config, indent=1) + "\n")
