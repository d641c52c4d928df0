"""From PyTorch's state to the arrays that the browser reads: axes turned to tfjs order, normalisations folded, float16
or 8-bit storage. The only place that knows both sides."""

import numpy as np
from torch import nn

from manifest import Arrays
from models.critic import Critic
from models.equalised import Equalised, HalveConv
from models.glam import Config as GlamConfig
from models.t2f import Generator as T2fGenerator


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
    out |= seed_arrays(state, channels[0])
    for i in range(len(channels) - 1):
        out |= block_arrays(state, f"blocks.{i}")
    return out | convolution_arrays(state, "paint")


def seed_arrays(state: Arrays, first: int) -> Arrays:
    """The first map is [C,4,4] there and [4,4,C] here."""
    seed = state["seed.weight"].reshape(first, 4, 4, -1).transpose(3, 1, 2, 0)
    bias = state["seed.bias"].reshape(first, 4, 4).transpose(1, 2, 0)
    return {"seed.weight": seed.reshape(seed.shape[0], -1), "seed.bias": bias.ravel()}


def convolution_arrays(state: Arrays, name: str) -> Arrays:
    return {f"{name}.weight": kernel(state[f"{name}.weight"]), f"{name}.bias": state[f"{name}.bias"]}


def normed_arrays(state: Arrays, block: str) -> Arrays:
    """A block's two convolutions, each with the conditional normalisation after it."""
    out = {}
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
        out[f"{norm}.affine.bias"] = state[f"{norm}.affine.bias"] + np.repeat([1.0, 0.0], len(bias))
    return out


def block_arrays(state: Arrays, block: str) -> Arrays:
    return normed_arrays(state, block) | convolution_arrays(state, f"{block}.skip")


def glam_config(config: GlamConfig, depth: int) -> dict:
    """models/glam.py's config, of its stages 0 … depth alone → src/models/glam.ts's."""
    same = {key: getattr(config, key) for key in ("z", "sentence", "word", "condition", "channels", "residuals")}
    return same | {"stages": config.stages[:depth], "sentenceAttention": config.sentence_attention}


def glam_arrays(state: Arrays, config: GlamConfig, depth: int) -> Arrays:
    """models/glam.py's averaged state → what src/models/glam.ts reads of its stages 0 … depth."""
    moments = "augmentation.moments"
    out = {f"{moments}.weight": state[f"{moments}.weight"].T, f"{moments}.bias": state[f"{moments}.bias"]}
    out |= seed_arrays(state, config.channels[0])
    for i in range(len(config.channels) - 1):
        out |= block_arrays(state, f"blocks.{i}")
    for i in range(depth):
        stage = f"stages.{i}"
        for name in ("attend_words", "attend_sentence"):
            read = f"{stage}.{name}.read.weight"
            if read in state:
                out[read] = state[read].T
        out |= convolution_arrays(state, f"{stage}.join")
        for j in range(config.residuals):
            out |= normed_arrays(state, f"{stage}.residuals.{j}")
        out |= block_arrays(state, f"{stage}.grow")
    for i in range(depth + 1):
        out |= convolution_arrays(state, f"paint.{i}")
    return out


def stem_arrays(state: Arrays) -> Arrays:
    """models/stem.py's state → what src/models/stem.ts reads; `project` standardises too."""
    out = {"words.weight": state["words.weight"]} | lstm_arrays(state, "lstm")
    return out | standardised(state)


def lstm_arrays(state: Arrays, name: str) -> Arrays:
    """Of one direction or of two."""
    return {k: v.T if v.ndim == 2 else v for k, v in state.items() if k.startswith(f"{name}.")}


def standardised(state: Arrays) -> Arrays:
    """`project`, then (x − mean) / deviation."""
    return {
        "project.weight": (state["project.weight"] / state["deviation"][:, None]).T,
        "project.bias": (state["project.bias"] - state["mean"]) / state["deviation"],
    }


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
    return out | standardised(state)


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


def equalised_arrays(model: nn.Module) -> Arrays:
    """Layers of models/equalised.py with their scale in the weight; "convolve, then halve" as one kernel."""
    out = {}
    for name, layer in model.named_modules():
        if isinstance(layer, Equalised):
            weight = (layer.halved() if isinstance(layer, HalveConv) else layer.scaled()).detach().numpy()
            out[f"{name}.weight"] = kernel(weight) if weight.ndim == 4 else weight.T
            out[f"{name}.bias"] = layer.bias.detach().numpy()
    return out


def t2f_arrays(generator: T2fGenerator) -> Arrays:
    """models/t2f.py's averaged generator → what src/models/t2f.ts reads."""
    out = equalised_arrays(generator)
    seed = {"seed.weight": out["seed.weight"].T, "seed.bias": out["seed.bias"]}
    moments = generator.augmentation.moments
    out |= seed_arrays(seed, generator.config.channels[0])
    out["augmentation.moments.weight"] = moments.weight.detach().numpy().T
    return out | {"augmentation.moments.bias": moments.bias.detach().numpy()}


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


def store(arrays: Arrays, storage: str, levels: int = 127) -> Arrays:
    """float32 → 'float16', or 'int8': matrices and kernels as int8 with `name.scale` a last-axis channel, the rest
    float16. levels: either side of 0, of the 127 that 8 bits have; with fewer, the
    file compresses better, and its own size stays."""
    out = {}
    for name, array in arrays.items():
        array = np.ascontiguousarray(array, np.float32)
        if storage == "int8" and array.ndim >= 2:
            scale = np.abs(array).reshape(-1, array.shape[-1]).max(0) / levels
            scale = np.maximum(scale, 1e-12).astype(np.float32)
            out[name] = np.clip(np.rint(array / scale), -levels, levels).astype(np.int8)
            out[f"{name}.scale"] = scale
        else:
            out[name] = array if storage == "float32" else array.astype(np.float16)
    return out
