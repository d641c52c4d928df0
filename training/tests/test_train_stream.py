"""Steps on a dozen flat pictures: who moves, what a restart keeps, what lands."""

import csv
import json
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

import export
import measure_stream
import train_stream as training
from checkpoint import load_weights
from models.stream import UNKNOWN, load_stream


@pytest.fixture
def trainer(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def make(epochs: int = 2, out: str = "out") -> training.Trainer:
        given = ["--encoder", str(tiny / "encoder.safetensors"), "--out", str(tmp_path / out)]
        given += ["--epochs", str(epochs), "--batch", "6", "--look", "64", "--rate", "5e-3"]
        monkeypatch.setattr(sys, "argv", ["train", *given])
        return training.Trainer(training.parse())

    return make


def test_everything_learns_and_the_loss_falls(trainer):
    it = trainer(40)
    it.model.train()
    before = {name: p.detach().clone() for name, p in it.model.named_parameters()}
    rows = torch.arange(6)
    first = it.step(rows)
    moved = {name for name, p in it.model.named_parameters() if not torch.equal(before[name], p)}
    assert moved == set(before)
    for _ in range(12):
        last = it.step(rows)
    assert last["loss_words"] < first["loss_words"] * 0.9


def test_the_picture_side_goes_slower(trainer):
    groups = trainer().groups()
    assert {g["lr"] for g in groups[:2]} == {2e-4} and {g["lr"] for g in groups[2:]} == {5e-3}
    assert sum(p.numel() for g in groups for p in g["params"]) == sum(p.numel() for p in trainer().model.parameters())


def test_what_is_not_known_is_nobodys_aim():
    logits = torch.randn(1, 3, 8, requires_grad=True)
    training.word_loss(logits, torch.tensor([[4, UNKNOWN, UNKNOWN]])).backward()
    assert logits.grad[0, 0].any() and not logits.grad[0, 1:].any()


def test_photographs_of_one_class_are_no_negatives(trainer):
    model = trainer().model
    f, sentences = torch.randn(4, model.config.features), torch.randn(4, 256)

    def loss(*classes: int) -> torch.Tensor:
        kinds = torch.tensor(classes)
        return training.match_loss(model, f, sentences, kinds[:, None] == kinds[None])

    alone, alike = loss(1, 2, 3, 4), loss(1, 1, 1, 1)
    assert alike < 1e-6 < alone
    both = loss(1, 1, 2, 2)
    cosines = F.normalize(model.similarity(f)) @ F.normalize(sentences).T * model.temperature.exp()
    open_ = cosines.masked_fill(torch.tensor([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]).bool(), -1e4)
    own = torch.arange(4)
    assert torch.allclose(both, (F.cross_entropy(open_, own) + F.cross_entropy(open_.T, own)) / 2)


def test_a_resumed_run_is_the_run_that_never_stopped(trainer, tmp_path):
    # The schedule hangs on the number of epochs, so the whole run is stopped on its way, not planned shorter.
    whole = trainer(2, "whole")
    whole.run()
    parts = trainer(2, "parts")
    parts.args.epochs = 1
    parts.run()
    parts = trainer(2, "parts")
    parts.run()
    for name, p in whole.model.state_dict().items():
        assert torch.equal(p, parts.model.state_dict()[name]), name
    with open(tmp_path / "parts" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"] and rows[1]["val_cider"] != ""


def test_it_is_measured_landed_and_added_to_a_model(trainer, tiny, tmp_path, monkeypatch, capsys):
    trainer(1).run()
    landed, final = tmp_path / "out" / "landed.safetensors", tmp_path / "final.safetensors"
    command = ["measure", "--landed", str(landed), "--land", str(final), "--json", str(tmp_path / "m.json")]
    monkeypatch.setattr(sys, "argv", [*command, "--encoder", str(tiny / "encoder.safetensors")])
    measure_stream.main()
    assert "most_frequent" in capsys.readouterr().out
    measured = json.loads((tmp_path / "m.json").read_text())
    assert load_stream(final)[2] == measured
    for name, tensor in load_weights(landed)[0].items():
        assert torch.equal(load_weights(final)[0][name], tensor)

    models = tmp_path / "models"
    (models / "flowers").mkdir(parents=True)
    (models / "flowers" / "card.json").write_text('{"name": "Flowers"}')
    entry = {"id": "flowers", "config": {"generator": {}}, "files": [{"role": "generator", "path": "flowers/g"}]}
    (models / "manifest.json").write_text(json.dumps({"version": 1, "models": [entry]}))
    monkeypatch.setattr(sys, "argv", ["export", "--captioner", str(final), "--models", str(models)])
    export.main()
    (entry,) = json.loads((models / "manifest.json").read_text())["models"]
    assert {f["role"] for f in entry["files"]} == {"generator", "captioner", "captioner-vocabulary", "card"}
    assert entry["config"]["stream"]["agrees"] == measured["thresholds"]["agrees"]
    assert entry["config"]["stream"]["channels"][:2] == [96, [16, 64]]
    card = json.loads((models / "flowers" / "card.json").read_text())
    assert card["name"] == "Flowers" and "BSD" in card["captioner"]["notice"]
