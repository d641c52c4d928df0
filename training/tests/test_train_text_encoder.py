"""The char-CNN-RNN is standardised when it is done, and goes on where it was."""

import csv
import sys
from pathlib import Path

import pytest
import torch

import data
import train_text_encoder as training
from checkpoint import load_weights
from sentences import load_reader


def test_it_lands_standardised_and_resumes(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def run(epochs: int) -> dict[str, torch.Tensor]:
        given = ["--out", str(tmp_path), "--epochs", str(epochs), "--batch", "6", "--dropout", "0", "--typos", "0"]
        monkeypatch.setattr(sys, "argv", ["train", *given])
        training.main()
        return load_weights(tmp_path / "encoder.safetensors")[0]

    first = run(3)
    captions = data.load("flowers", "train", 72).captions
    read, rows_of = load_reader(tmp_path / "encoder.safetensors")
    with torch.no_grad():
        said = read(torch.cat(rows_of(captions)))
    assert said.mean(0).abs().max() < 1e-2 and (said.std(0) - 1).abs().max() < 1e-2
    again = run(3)
    assert all(torch.equal(first[name], again[name]) for name in first), "what is finished stays as it is"
    longer = run(6)
    assert not torch.equal(first["conv1.weight"], longer["conv1.weight"])
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4", "5", "6"]


def test_one_in_ten_captions_has_a_typo():
    characters = torch.arange(1, 41).repeat(1000, 1)
    characters[:, 30:] = 0
    typed = training.with_typos(characters, 0.1, torch.Generator().manual_seed(1))
    changed = (typed != characters).any(1)
    assert 60 < int(changed.sum()) < 140
    assert ((typed[changed] > 0).sum(1) == 29).all(), "a letter is left out"
    assert torch.equal(characters[:, :30], torch.arange(1, 31).repeat(1000, 1)), "the captions themselves stay"
