"""A data set of a dozen flat pictures, laid out as the real one is, so that training can be tried without it."""

import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import data
import train_face_encoder
from checkpoint import save_weights
from models import char_cnn_rnn

COLOURS = {"red": (200, 40, 40), "yellow": (220, 200, 50), "blue": (50, 70, 200), "white": (235, 235, 230)}

SQUEEZENET = {  # fire: (channels in, squeezed, expanded by each of two)
    2: (96, 16, 64),
    3: (128, 16, 64),
    4: (128, 32, 128),
    5: (256, 32, 128),
    6: (256, 48, 192),
    7: (384, 48, 192),
    8: (384, 64, 256),
    9: (512, 64, 256),
}


def fake_squeezenet(path: Path) -> None:
    """Random weights of the right names and shapes."""
    random = np.random.default_rng(3)
    arrays = {}

    def layer(name: str, out: int, channels: int, edge: int) -> None:
        scale = np.sqrt(2 / (channels * edge * edge))
        arrays[f"{name}.weight"] = (random.standard_normal((out, channels, edge, edge)) * scale).astype(np.float16)
        arrays[f"{name}.bias"] = np.zeros(out, np.float16)

    layer("conv1", 96, 3, 7)
    for i, (channels, squeezed, expanded) in SQUEEZENET.items():
        layer(f"fire{i}/conv1x1_1", squeezed, channels, 1)
        layer(f"fire{i}/conv1x1_2", expanded, squeezed, 1)
        layer(f"fire{i}/conv3x3_2", expanded, squeezed, 3)
    path.parent.mkdir(parents=True)
    np.savez(path, **arrays)


def write_data(folder: Path) -> None:
    """12 pictures of four classes for training, 4 to hold out; a colour with noise, and two captions that name it."""
    random = np.random.default_rng(4)
    flowers = folder / "flowers"
    flowers.mkdir(parents=True)
    rows = []
    with tarfile.open(flowers / "images.tar", "w") as tar:
        for i in range(16):
            word = list(COLOURS)[i % 4]
            noise = random.normal(0, 25, (96, 96, 3))
            content = io.BytesIO()
            Image.fromarray((np.array(COLOURS[word]) + noise).clip(0, 255).astype(np.uint8)).save(content, "PNG")
            info = tarfile.TarInfo(f"images/{i:03d}.png")
            info.size = content.tell()
            content.seek(0)
            tar.addfile(info, content)
            captions = [f"this flower has {word} petals", f"a {word} flower, number {i}"]
            split = "train" if i < 12 else "val"
            rows.append({"image": f"{i:03d}.png", "class": i % 4 + 1, "captions": captions, "split": split})
    (flowers / "captions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_faces(folder / "faces", random)
    fake_squeezenet(folder / "imagenet-features" / "squeezenet_v1_0.npz")


def write_faces(faces: Path, random: np.random.Generator) -> None:
    """12 flat faces for training, 4 to hold out: dark ones of men, light ones of women, bluish with glasses."""
    faces.mkdir(parents=True)
    rows = []
    with tarfile.open(faces / "images.tar", "w") as tar:
        for i in range(16):
            shown = [
                name for name, there in (("Male", i % 2), ("Eyeglasses", i % 3 == 0), ("Young", i % 4 < 2)) if there
            ]
            colour = np.array([90 if i % 2 else 200] * 3) + np.array([0, 0, 50 if i % 3 == 0 else 0])
            content = io.BytesIO()
            noisy = (colour + random.normal(0, 15, (80, 80, 3))).clip(0, 255)
            Image.fromarray(noisy.astype(np.uint8)).save(content, "PNG")
            info = tarfile.TarInfo(f"{i:06d}.png")
            info.size = content.tell()
            content.seek(0)
            tar.addfile(info, content)
            attributes = [*shown, "No_Beard", *(["Smiling"] if i % 5 < 2 else [])]
            rows.append({"image": f"{i:06d}.png", "attributes": attributes, "split": "train" if i < 12 else "val"})
    (faces / "attributes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_encoder(path: Path) -> None:
    torch.manual_seed(6)
    config = char_cnn_rnn.Config(channels=(8, 8, 8))
    described = {"length": config.length, "alphabet": config.alphabet, "channels": config.channels}
    save_weights(path, char_cnn_rnn.CharCnnRnn(config).state_dict(), {"config": described | {"embedding": 256}})


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data/, cache/ and encoder.safetensors"""
    folder = tmp_path_factory.mktemp("tiny")
    write_data(folder / "data")
    write_encoder(folder / "encoder.safetensors")
    return folder


@pytest.fixture
def tiny(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`tiny_folder`, and everything in this process reads it."""
    load, place, cache = data.load, tiny_folder / "data", tiny_folder / "cache"
    monkeypatch.setattr(data, "load", lambda kind, split, size: load(kind, split, size, place, cache))
    monkeypatch.setattr(data, "DATA", place)
    monkeypatch.setattr(data, "CACHE", cache)
    return tiny_folder


@pytest.fixture
def face_encoder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """T2F's, trained on the tiny faces, once for all tests."""
    out = tiny / "face-encoder"
    if not (out / "encoder.safetensors").exists():
        monkeypatch.setattr(sys, "argv", ["train", "--out", str(out), "--epochs", "3", "--batch", "6"])
        train_face_encoder.main()
    return out / "encoder.safetensors"


@pytest.fixture(scope="session")
def flowers() -> data.Captioned:
    """The real val split; tests that need it are passed over where it is not."""
    if not (data.DATA / "flowers" / "captions.jsonl").exists():
        pytest.skip("needs the flowers data set: see README.md, or set LIMN_DATA")
    return data.load("flowers", "val", 72)
