"""From PyTorch's state to the arrays that the browser reads: axes turned to tfjs order, normalisations folded, float16
or 8-bit storage. The only place that knows both sides."""

import numpy as np
from torch import nn

from manifest import Arrays
from models.critic import Critic


def to_numpy(tensors: dict) -> Arrays:
    return {k: v.numpy() for k, v in tensors.items()}


def kernel(weight: np.ndarray) -> np.ndarray:
    """[out,in,kh,kw] → [kh,kw,in,out]"""
    return weight.transpose(2, 3, 1, 0)


def fold_norm(
    weight: np.ndarray, mean: np.ndarray, variance: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray]:
    """A convolution without bias, then BatchNorm without affine = a convolution with these weights and this bias."""
    scale = 1 / np.sqrt(variance + eps)
    return weight * scale[:, None, None, None], -mean * scale


def generator_arrays(state: Arrays, channels: list[int]) -> Arrays:
    """models/gan_int_cls.py's averaged state → what src/models/gan-int-cls.ts reads."""
    out = {"text.weight": state["text.weight"].T, "text.bias": state["text.bias"]}
    # The first map is [C,4,4] there and [4,4,C] here.
    first = channels[0]
    seed = state["seed.weight"].reshape(first, 4, 4, -1).transpose(3, 1, 2, 0)
    out["seed.weight"] = seed.reshape(seed.shape[0], -1)
    out["seed.bias"] = state["seed.bias"].reshape(first, 4, 4).transpose(1, 2, 0).ravel()
    for i, width in enumerate(channels[1:]):
        block = f"blocks.{i}"
        for j in (1, 2):
            norm = f"{block}.norm{j}"
            weight, bias = fold_norm(
                state[f"{block}.conv{j}.weight"],
                state[f"{norm}.norm.running_mean"],
                state[f"{norm}.norm.running_var"],
            )
            out[f"{block}.conv{j}.weight"], out[f"{block}.conv{j}.bias"] = kernel(weight), bias
            out[f"{norm}.affine.weight"] = state[f"{norm}.affine.weight"].T
            # 1 + γ is what multiplies.
            out[f"{norm}.affine.bias"] = state[f"{norm}.affine.bias"] + np.repeat([1.0, 0.0], width)
        out[f"{block}.skip.weight"] = kernel(state[f"{block}.skip.weight"])
        out[f"{block}.skip.bias"] = state[f"{block}.skip.bias"]
    out["paint.weight"], out["paint.bias"] = kernel(state["paint.weight"]), state["paint.bias"]
    return out


def encoder_arrays(state: Arrays) -> Arrays:
    """models/char_cnn_rnn.py's state → what src/models/char-cnn-rnn.ts reads; `project` standardises too."""
    out = {}
    for i in (1, 2, 3):
        out[f"conv{i}.weight"] = kernel(state[f"conv{i}.weight"][:, :, None])
        out[f"conv{i}.bias"] = state[f"conv{i}.bias"]
    for name in ("weight_ih_l0", "weight_hh_l0"):
        out[f"gru.{name}"] = state[f"gru.{name}"].T
    for name in ("bias_ih_l0", "bias_hh_l0"):
        out[f"gru.{name}"] = state[f"gru.{name}"]
    out["project.weight"] = (state["project.weight"] / state["deviation"][:, None]).T
    out["project.bias"] = (state["project.bias"] - state["mean"]) / state["deviation"]
    return out


def style_arrays(state: Arrays) -> Arrays:
    """models/style_encoder.py's state → what src/models/style-encoder.ts reads."""
    out = {k: kernel(v) if v.ndim == 4 else v for k, v in state.items() if k.startswith("convs.")}
    # Its columns are (h,w,c) on both sides.
    return out | {"project.weight": state["project.weight"].T, "project.bias": state["project.bias"]}


def critic_arrays(critic: Critic) -> Arrays:
    """models/critic.py → what src/models/critic.ts reads: the weights as the spectral norm leaves them."""
    out = {}
    for name, layer in critic.eval().named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            weight = layer.weight.detach().numpy()
            out[f"{name}.weight"] = kernel(weight) if weight.ndim == 4 else weight.T
            out[f"{name}.bias"] = layer.bias.detach().numpy()
    return out


def captioner_arrays(state: Arrays) -> Arrays:
    """models/stream.py's state → what src/models/stream.ts reads."""
    out = {}
    for name, value in state.items():
        if name == "temperature":  # of training alone
            continue
        # An embedding's rows are looked up on both sides.
        turned = value.T if value.ndim == 2 and name != "words.weight" else value
        out[name] = kernel(value) if value.ndim == 4 else turned
    return out


def store(arrays: Arrays, storage: str) -> Arrays:
    """float32 → 'float16', or 'int8': matrices and kernels as int8 with `name.scale` a last-axis channel, the rest
    float16."""
    out = {}
    for name, array in arrays.items():
        array = np.ascontiguousarray(array, np.float32)
        if storage == "int8" and array.ndim >= 2:
            scale = np.abs(array).reshape(-1, array.shape[-1]).max(0) / 127
            scale = np.maximum(scale, 1e-12).astype(np.float32)
            out[name] = np.clip(np.rint(array / scale), -127, 127).astype(np.int8)
            out[f"{name}.scale"] = scale
        else:
            out[name] = array if storage == "float32" else array.astype(np.float16)
    return out
