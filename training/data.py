"""Photographs and captions as arrays in memory; decoded once, then kept as .npy beside the run."""

import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(os.environ.get("LIMN_DATA", Path(__file__).parents[2] / "shared" / "data"))
CACHE = Path(os.environ.get("LIMN_CACHE", Path(__file__).parent / "out" / "cache"))


@dataclass(frozen=True)
class Captioned:
    """pictures [N,size,size,3] uint8 RGB; captions[i] belong to pictures[i]; classes [N] int64."""

    pictures: np.ndarray
    captions: list[list[str]]
    classes: np.ndarray
    names: list[str]

    def __len__(self) -> int:
        return len(self.captions)


def read_rows(folder: Path) -> list[dict]:
    with open(folder / "captions.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_captions(kind: str, split: str, data: Path = DATA) -> list[list[str]]:
    return [row["captions"] for row in read_rows(data / kind) if row["split"] == split]


def decode_pictures(folder: Path, size: int) -> dict[str, np.ndarray]:
    """Every picture of images.tar, resized to size×size by Lanczos, as {name: [size,size,3] uint8}."""
    pictures = {}
    with tarfile.open(folder / "images.tar") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is None:
                continue
            picture = Image.open(io.BytesIO(file.read())).convert("RGB")
            pictures[Path(member.name).name] = np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS))
    return pictures


def load(kind: str, split: str, size: int, data: Path = DATA, cache: Path = CACHE) -> Captioned:
    """One split ('train' or 'val') of one data set ('flowers', 'birds') at size×size, ordered as captions.jsonl is."""
    folder = data / kind
    rows = [row for row in read_rows(folder) if row["split"] == split]
    # The key holds the tar's size, so that a changed data set is decoded anew.
    key = hashlib.sha256(f"{kind} {split} {size} {(folder / 'images.tar').stat().st_size}".encode()).hexdigest()[:12]
    path = cache / f"{kind}-{split}-{size}-{key}.npy"
    if not path.exists():
        decoded = decode_pictures(folder, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part.npy")
        np.save(part, np.stack([decoded[row["image"]] for row in rows]))
        part.replace(path)
    return Captioned(
        pictures=np.load(path),
        captions=[row["captions"] for row in rows],
        classes=np.array([row["class"] for row in rows]),
        names=[row["image"] for row in rows],
    )
