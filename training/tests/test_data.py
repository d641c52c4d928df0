"""What is kept of pictures belongs to these pictures in this order."""

from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import write_data

import data
from models.evaluator import Config, Evaluator
from models.regions import Regions
from photographs import cached_features as evaluated
from photographs import features_of
from train_face_encoder import cached_face_features
from train_stem import cached_places
from train_text_encoder import cached_features


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set for one test, which may change it."""
    write_data(tmp_path / "data")
    load, cache = data.load, tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setattr(data, "load", lambda kind, split, size: load(kind, split, size, tmp_path / "data", cache))
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    monkeypatch.setattr(data, "CACHE", cache)
    return tmp_path / "data"


def turn_round(lines: Path) -> None:
    lines.write_text("".join(reversed(lines.read_text().splitlines(keepends=True))))


def test_pictures_follow_their_captions(own):
    def split() -> tuple[data.Captioned, data.Faces]:
        return data.load("flowers", "train", 16), data.load_faces("train", 16)

    before = split()
    assert [np.array_equal(a.pictures, b.pictures) for a, b in zip(before, split(), strict=True)] == [True, True]
    turn_round(own / "flowers" / "captions.jsonl")
    turn_round(own / "faces" / "attributes.jsonl")
    for old, new in zip(before, split(), strict=True):
        assert new.names == old.names[::-1] and np.array_equal(new.pictures, old.pictures[::-1])


def test_features_follow_their_captions(own):
    weights = own / "imagenet-features" / "squeezenet_v1_0.npz"
    evaluator = Evaluator(Config(classes=4, widths=(8, 8, 16, 16)), ["red"]).eval()

    def found() -> list[torch.Tensor]:
        flowers, faces = data.load("flowers", "train", 72), data.load_faces("train", 68)
        half = evaluated(evaluator, "name", flowers)
        assert np.allclose(half, features_of(evaluator, flowers.pictures), atol=1e-5)
        # The first half of each is of the pictures as they are, the second of the mirrored ones.
        pooled = cached_features("train", weights)[:12], cached_face_features("train", faces)[:12]
        return [*pooled, cached_places("train", weights, Regions(8)).float()]

    before = found()
    turn_round(own / "flowers" / "captions.jsonl")
    turn_round(own / "faces" / "attributes.jsonl")
    for old, new in zip(before[:2], found()[:2], strict=True):
        assert torch.allclose(new, old.flip(0), atol=1e-2) and not torch.allclose(new, old, atol=1e-2)
    assert len(list((own.parent / "cache").glob("places-train-*.pt"))) == 2
