"""From PyTorch's state to the arrays that the browser runs: axes turned to tfjs order, normalisations folded, float16
or 8-bit storage. The only place that knows both sides.

    python export.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --card cards/flowers.json --id flowers --storage int8
"""

import argparse
import hashlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import data
from checkpoint import load_weights

MODELS = Path(__file__).parents[1] / "public" / "models"
Arrays = dict[str, np.ndarray]


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


def vocabulary(captions: list[list[str]], least: int = 3) -> list[str]:
    """Words that the training captions hold at least `least` times, in alphabetical order."""
    counts = Counter(
        word for of_one in captions for c in of_one for word in re.findall(r"[a-z]+(?:'[a-z]+)?", c.lower())
    )
    return sorted(word for word, n in counts.items() if n >= least)


def describe_file(folder: Path, role: str, name: str) -> dict:
    content = (folder / name).read_bytes()
    return {
        "role": role,
        "path": f"{folder.name}/{name}",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def write_model(
    folder: Path, entry: dict, files: dict[str, Arrays], texts: dict[str, object], others: dict[str, Path] | None = None
) -> dict:
    """Writes safetensors (role → arrays) and JSON files (role → value), copies others (role → file) → the model's
    manifest entry."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for role, arrays in files.items():
        save_file(arrays, folder / f"{role}.safetensors")
        # safetensors writes for the owner alone; a web server reads these.
        (folder / f"{role}.safetensors").chmod(0o644)
        listed.append(describe_file(folder, role, f"{role}.safetensors"))
    for role, value in texts.items():
        (folder / f"{role}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        listed.append(describe_file(folder, role, f"{role}.json"))
    for role, path in (others or {}).items():
        shutil.copyfile(path, folder / f"{role}{path.suffix}")
        listed.append(describe_file(folder, role, f"{role}{path.suffix}"))
    return {**entry, "files": listed}


def write_manifest(path: Path, entry: dict) -> None:
    """Replaces the entry of that id, or adds it."""
    manifest = json.loads(path.read_text()) if path.exists() else {"version": 1, "models": []}
    others = [m for m in manifest["models"] if m["id"] != entry["id"]]
    manifest["models"] = sorted([*others, entry], key=lambda m: m["id"])
    path.write_text(json.dumps(manifest, indent=1) + "\n")


def to_numpy(tensors: dict) -> Arrays:
    return {k: v.numpy() for k, v in tensors.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True, help="card.json without what is measured here")
    parser.add_argument("--measured", type=Path, help="what measure.py --json wrote: the card's figures")
    parser.add_argument("--samples", type=Path, help="a sheet of pictures for the card (sheet.py)")
    parser.add_argument("--id", default="flowers")
    parser.add_argument("--storage", choices=["int8", "float16", "float32"], default="int8")
    parser.add_argument("--models", type=Path, default=MODELS)
    args = parser.parse_args()
    landed, metadata = load_weights(args.landed)
    encoder, encoder_metadata = load_weights(args.encoder)
    config = metadata["config"]
    generator = {k.removeprefix("generator."): v for k, v in to_numpy(landed).items() if k.startswith("generator.")}
    arrays = {
        "generator": store(generator_arrays(generator, config["channels"]), args.storage),
        "encoder": store(encoder_arrays(to_numpy(encoder)), args.storage),
    }
    card = json.loads(args.card.read_text(encoding="utf-8"))
    card["training"]["pictures"] = metadata["pictures"]
    if args.measured:
        measured = json.loads(args.measured.read_text(encoding="utf-8"))
        card |= {"figures": measured["figures"], "evaluator": measured["evaluator"]}
    card["parameters"] = sum(a.size for part in arrays.values() for k, a in part.items() if not k.endswith(".scale"))
    card["bytes"] = sum(a.nbytes for part in arrays.values() for a in part.values())
    size = 4 * 2 ** (len(config["channels"]) - 1)
    entry = {
        "id": args.id,
        "name": card["name"],
        "architecture": "gan-int-cls",
        "config": {"generator": config, "encoder": encoder_metadata["config"]},
        "sizes": [size],
    }
    texts = {"vocabulary": {"words": vocabulary(data.read_captions("flowers", "train"))}, "card": card}
    others = {"samples": args.samples} if args.samples else {}
    write_manifest(args.models / "manifest.json", write_model(args.models / args.id, entry, arrays, texts, others))
    print(f"{args.id}: {card['parameters']:,} parameters, {card['bytes'] / 1e6:.2f} MB as {args.storage}")


if __name__ == "__main__":
    main()
