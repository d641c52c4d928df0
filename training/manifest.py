"""The models' folder and its manifest.json: which files a model has, with their hashes, and what they hold."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

Arrays = dict[str, np.ndarray]


def describe_file(folder: Path, role: str, name: str) -> dict:
    content = (folder / name).read_bytes()
    return {
        "role": role,
        "path": f"{folder.name}/{name}",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def write_files(
    folder: Path, files: dict[str, Arrays], texts: dict[str, object], others: dict[str, Path] | None = None
) -> list[dict]:
    """Writes safetensors (role → arrays) and JSON files (role → value), copies others (role → file) → what the
    manifest says of them."""
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
    return listed


def write_model(
    folder: Path, entry: dict, files: dict[str, Arrays], texts: dict[str, object], others: dict[str, Path] | None = None
) -> dict:
    """→ the model's manifest entry, with its files in it"""
    return {**entry, "files": write_files(folder, files, texts, others)}


def read_entry(path: Path, name: str) -> dict | None:
    """The manifest's entry of that id, None where it has none."""
    models = json.loads(path.read_text())["models"] if path.exists() else []
    return next((entry for entry in models if entry["id"] == name), None)


def read_card(folder: Path) -> dict:
    """A model's card, {} where there is none yet."""
    path = folder / "card.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_manifest(path: Path, entry: dict) -> None:
    """Replaces the entry of that id, or adds it."""
    manifest = json.loads(path.read_text()) if path.exists() else {"version": 1, "models": []}
    others = [m for m in manifest["models"] if m["id"] != entry["id"]]
    manifest["models"] = sorted([*others, entry], key=lambda m: m["id"])
    path.write_text(json.dumps(manifest, indent=1) + "\n")


def with_parts(entry: dict, config: dict, listed: list[dict]) -> dict:
    """The entry with more files and more of its config; what it has under those names is replaced."""
    roles = {file["role"] for file in listed}
    kept = [file for file in entry["files"] if file["role"] not in roles]
    return {**entry, "config": entry["config"] | config, "files": [*kept, *listed]}


def borrowed(other: dict, roles: dict[str, str]) -> list[dict]:
    """Files of another entry: those of `roles`, by role there → role here."""
    return [file | {"role": roles[file["role"]]} for file in other["files"] if file["role"] in roles]


def keep_parts(entry: dict, old: dict, parts: dict[str, str]) -> dict:
    """A model that is exported anew keeps what was added to it: `parts` is role → the name of its config."""
    listed = [file for file in old["files"] if file["role"] in parts]
    names = {parts[file["role"]] for file in listed}
    return with_parts(entry, {k: v for k, v in old["config"].items() if k in names}, listed)
