import sys
from pathlib import Path

import pytest
import torch

import train_evaluator
from models.evaluator import Config, Evaluator, load_evaluator, save_evaluator

SHIPPED = Path(__file__).parents[1] / "weights" / "evaluator.safetensors"


@pytest.fixture
def evaluator():
    torch.manual_seed(8)
    return Evaluator(Config(classes=4, widths=(8, 8, 16, 16)), ["a", "flower", "red", "yellow"]).eval()


def test_words_are_spelled_by_their_place(evaluator):
    spelled = evaluator.spell(["A red, RED tulip", ""])
    assert spelled.shape == (2, 30)
    assert spelled[0, :5].tolist() == [2, 4, 4, 1, 0] and spelled[1].sum() == 0


def test_embeddings_are_unit_rows_and_padding_says_nothing(evaluator):
    pictures, captions = torch.rand(2, 3, 64, 64) * 2 - 1, evaluator.spell(["a red flower", "a yellow flower"])
    assert evaluator.features(pictures).shape == (2, 32)
    placed = evaluator.embed_pictures(evaluator.features(pictures))
    said = evaluator.embed_captions(captions)
    for rows in (placed, said):
        assert rows.shape == (2, 128) and torch.allclose(rows.norm(dim=1), torch.ones(2), atol=1e-5)
    assert not torch.allclose(said[0], said[1])
    longer = torch.cat([captions, torch.zeros(2, 9, dtype=torch.int64)], 1)
    assert torch.allclose(evaluator.embed_captions(longer), said, atol=1e-6)


def test_a_file_holds_the_whole_evaluator(evaluator, tmp_path):
    evaluator.mean += 3
    save_evaluator(tmp_path / "e.safetensors", evaluator, {"val_accuracy": 0.5})
    found, figures = load_evaluator(tmp_path / "e.safetensors")
    again, _ = load_evaluator(tmp_path / "e.safetensors")
    assert figures == {"val_accuracy": 0.5} and found.vocabulary == evaluator.vocabulary
    assert not found.training
    pictures = torch.rand(2, 3, 64, 64)
    assert torch.equal(found.standardised(pictures), again.standardised(pictures))
    assert torch.allclose(found.standardised(pictures), evaluator.standardised(pictures), atol=0.02)


def test_training_runs_and_lands(tiny, tmp_path, monkeypatch):
    command = ["train", "--out", str(tmp_path), "--batch", "4", "--epochs"]
    for epochs in ("1", "2"):
        monkeypatch.setattr(sys, "argv", [*command, epochs])
        train_evaluator.main()
    _, figures = load_evaluator(tmp_path / "evaluator.safetensors")
    assert set(figures) == {"val_accuracy", "val_r_precision", "train_accuracy"}
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 3, "the second run went on where the first ended"


def test_augmentation_keeps_shape_and_range():
    pictures = torch.randint(0, 256, (8, 72, 72, 3), dtype=torch.uint8)
    out = train_evaluator.augmented(pictures, 64, torch.Generator().manual_seed(1))
    assert out.shape == (8, 3, 64, 64) and out.abs().max() < 1.5
    middle = train_evaluator.centre(pictures, 64)
    assert torch.equal(((middle + 1) * 127.5).round().byte(), pictures[:, 4:68, 4:68].permute(0, 3, 1, 2))


def test_the_shipped_evaluator_is_as_good_as_it_says(flowers):
    if not SHIPPED.exists():
        pytest.skip("weights/evaluator.safetensors is not here")
    assert SHIPPED.stat().st_size <= 3e6
    evaluator, figures = load_evaluator(SHIPPED)
    # All of 1…102 are in train, not all of them in val.
    found = train_evaluator.judge(evaluator, flowers, flowers.classes - 1, 64)
    assert found["val_accuracy"] == pytest.approx(figures["val_accuracy"], abs=0.01)
    assert found["val_r_precision"] == pytest.approx(figures["val_r_precision"], abs=0.01)
