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


def decode_pictures(folder: Path, size: int, border: float = 0.0) -> dict[str, np.ndarray]:
    """Every picture of images.tar without a `border` of its edge, resized to size×size by Lanczos, as {name:
    [size,size,3] uint8}."""
    pictures = {}
    with tarfile.open(folder / "images.tar") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is None:
                continue
            picture = Image.open(io.BytesIO(file.read())).convert("RGB")
            width, height = picture.size
            box = (border * width, border * height, (1 - border) * width, (1 - border) * height)
            pictures[Path(member.name).name] = np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS, box))
    return pictures


def load(kind: str, split: str, size: int, data: Path = DATA, cache: Path = CACHE) -> Captioned:
    """One split ('train' or 'val') of one data set ('flowers', 'birds') at size×size, ordered as captions.jsonl is."""
    rows = [row for row in read_rows(data / kind) if row["split"] == split]
    return Captioned(
        pictures=cached_pictures(kind, split, size, [row["image"] for row in rows], data, cache),
        captions=[row["captions"] for row in rows],
        classes=np.array([row["class"] for row in rows]),
        names=[row["image"] for row in rows],
    )


def key_of(folder: Path, names: list[str], *more: object) -> str:
    """12 digits for what is kept of these pictures in this order: a data set that changed is looked at anew, so that no
    picture gets another's caption."""
    said = [str((folder / "images.tar").stat().st_size), *map(str, more), *names]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def flowers_key(split: str) -> str:
    """`key_of` a split of the flowers, for what is kept of it elsewhere."""
    folder = DATA / "flowers"
    return key_of(folder, [row["image"] for row in read_rows(folder) if row["split"] == split])


def cached_pictures(
    kind: str, split: str, size: int, names: list[str], data: Path, cache: Path, border: float = 0.0
) -> np.ndarray:
    """→ [N,size,size,3] uint8, in the order of `names`"""
    folder = data / kind
    path = cache / f"{kind}-{split}-{size}-{key_of(folder, names, border)}.npy"
    if not path.exists():
        decoded = decode_pictures(folder, size, border)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part.npy")
        np.save(part, np.stack([decoded[name] for name in names]))
        part.replace(path)
    return np.load(path)


@dataclass(frozen=True)
class Faces:
    """pictures [N,size,size,3] uint8 RGB; attributes[i] are those that pictures[i] shows."""

    pictures: np.ndarray
    attributes: list[list[str]]
    names: list[str]

    def __len__(self) -> int:
        return len(self.names)


def read_attributes(split: str | None = None, data: Path | None = None) -> list[dict]:
    """Of every face {image, attributes, split}; there are no captions: face_sentences.py writes them."""
    with open((data or DATA) / "faces" / "attributes.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row for row in rows if split in (None, row["split"])]


# What is cut off on every side: black corners and strangers, but no hat.
BORDER = 1 / 16


def load_faces(split: str, size: int) -> Faces:
    """The middle of every face of a split, at size×size."""
    rows = read_attributes(split)
    names = [row["image"] for row in rows]
    pictures = cached_pictures("faces", split, size, names, DATA, CACHE, BORDER)
    return Faces(pictures, [row["attributes"] for row in rows], names)
