"""Steps on a dozen flat pictures with a small generator: who moves, what a restart keeps, what is exported."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

import export
import measure_style
import train_style_encoder as training
from checkpoint import fingerprint, load_weights, prefixed, save_weights
from models.gan_int_cls import Config, Generator
from models.style_encoder import load_style_encoder

SMALL = ["--paint", "4", "--remember", "3", "--batch", "8", "--photographs", "4", "--channels", "4", "6", "8", "8"]
SMALL += ["--shown", "3", "--alone", "1"]


def land_generator(path: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    config = Config(channels=(16, 16, 8, 8, 8))
    weights = {f"generator.{k}": v for k, v in Generator(config).state_dict().items()}
    save_weights(path, weights, {"config": asdict(config), "pictures": seed}, torch.float16)
    return path


@pytest.fixture
def landed(tmp_path: Path) -> Path:
    return land_generator(tmp_path / "generator.safetensors", 1)


def arguments(tiny: Path, landed: Path, out: Path, steps: int) -> list[str]:
    given = ["--landed", str(landed), "--encoder", str(tiny / "encoder.safetensors"), "--out", str(out)]
    return [*given, *SMALL, "--steps", str(steps), "--save-every", "3", "--log-every", "1", "--device", "cpu"]


@pytest.fixture
def trainer(tiny: Path, landed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def make(steps: int = 3, out: str = "out", *more: str, generator: Path = landed) -> training.Trainer:
        monkeypatch.setattr(sys, "argv", ["train", *arguments(tiny, generator, tmp_path / out, steps), *more])
        return training.Trainer(training.parse())

    return make


def everything(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: t.clone() for name, t in module.state_dict().items()}


@pytest.mark.parametrize("feature", ["0", "0.5"])
def test_who_moved(trainer, feature):
    it = trainer(3, "out", "--feature", feature, "--alone", "0")
    generator, encoder = everything(it.generator), everything(it.encoder)
    losses = it.step()
    assert all(torch.equal(t, generator[name]) for name, t in it.generator.state_dict().items())
    assert all(p.grad is None for p in it.generator.parameters())
    moved = {name for name, p in it.encoder.named_parameters() if not torch.equal(p, encoder[name])}
    # A norm takes away whatever the bias before it adds.
    assert moved >= {name for name in encoder if "weight" in name or name.startswith("project")}
    assert all(torch.isfinite(value) for value in losses.values()) and it.done == 1


def test_every_term_teaches(trainer):
    terms = ["--recover", "--picture", "--keep", "--neighbours"]
    for term in terms:
        weights = [part for name in terms for part in (name, "1" if name == term else "0")]
        it = trainer(3, "out", *weights, "--alone", "0", "--feature", "0")
        before = everything(it.encoder)
        it.step()
        assert not torch.equal(it.encoder.project.weight, before["project.weight"]), term
    it = trainer(3, "out", "--recover", "0", "--alone", "1")
    before = everything(it.encoder)
    assert it.step()["apart"] == 0
    assert torch.equal(it.encoder.project.weight, before["project.weight"]), "the first steps are the paper's alone"


def test_a_resumed_run_is_the_run_that_never_stopped(trainer, tmp_path):
    trainer(6, "whole").run()
    whole = everything(trainer(6, "whole").encoder)
    it = trainer(6, "parts")
    while it.done < 3:
        it.step()
    it.save()
    resumed = trainer(6, "parts")
    assert resumed.done == 3
    assert torch.equal(resumed.memory.pictures, it.memory.pictures) and torch.equal(resumed.memory.z, it.memory.z)
    resumed.run()
    found = resumed.encoder.state_dict()
    assert [name for name in whole if not torch.equal(whole[name], found[name])] == []
    with open(tmp_path / "whole" / "log.csv") as file:
        assert [int(row["step"]) for row in csv.DictReader(file)] == [1, 2, 3, 4, 5, 6]


def test_a_run_belongs_to_its_generator(trainer, tmp_path):
    trainer(3).run()
    other = land_generator(tmp_path / "other.safetensors", 2)
    with pytest.raises(AssertionError, match="another generator"):
        trainer(3, generator=other)


def test_what_lands_is_what_was_trained_without_its_norms(trainer, tmp_path, landed):
    it = trainer(3)
    it.run()
    encoder, metadata = load_style_encoder(tmp_path / "out" / "landed.safetensors")
    generator = prefixed(load_weights(landed)[0], "generator.")
    assert metadata["generator"] == fingerprint(generator) and metadata["generatorPictures"] == 1
    assert encoder.config.channels == (4, 6, 8, 8) and encoder.config.z == 100
    pictures = it.memory.draw(4, torch.Generator())[0]
    it.encoder.eval()
    with torch.no_grad():
        assert torch.nn.functional.cosine_similarity(encoder(pictures), it.encoder(pictures)).min() > 0.999
    assert len(list((tmp_path / "out" / "sheets").iterdir())) == 1


def run_export(monkeypatch, models: Path, *given: object) -> dict:
    monkeypatch.setattr(sys, "argv", ["export", "--models", str(models), "--id", "it", *map(str, given)])
    export.main()
    (entry,) = json.loads((models / "manifest.json").read_text())["models"]
    return entry


def test_a_model_keeps_its_style_encoder_as_long_as_its_generator(trainer, tiny, landed, tmp_path, monkeypatch, capsys):
    trainer(3).run()
    style, models = tmp_path / "out" / "landed.safetensors", tmp_path / "models"
    (tmp_path / "card.json").write_text('{"name": "It", "training": {}}')
    monkeypatch.setattr(export.data, "read_captions", lambda *_: [["a red flower"]])
    whole = ["--encoder", tiny / "encoder.safetensors", "--card", tmp_path / "card.json"]
    run_export(monkeypatch, models, "--landed", landed, *whole)
    entry = run_export(monkeypatch, models, "--style-encoder", style)
    assert entry["config"]["style"] == {"z": 100, "size": 64, "channels": [4, 6, 8, 8]}
    assert [f["role"] for f in entry["files"]] == ["generator", "encoder", "vocabulary", "card", "style-encoder"]
    assert (models / "it" / "style-encoder.safetensors").stat().st_size == entry["files"][-1]["bytes"]

    again = run_export(monkeypatch, models, "--landed", landed, *whole)
    assert again == entry, "the same generator again: the style encoder stays"
    assert (
        run_export(monkeypatch, models, "--style-encoder", style, "--storage", "float16")["config"] == entry["config"]
    )

    other = land_generator(tmp_path / "other.safetensors", 2)
    entry = run_export(monkeypatch, models, "--landed", other, *whole)
    assert "style" not in entry["config"] and "style-encoder" not in [f["role"] for f in entry["files"]]
    assert "dropped" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="inverts generator"):
        run_export(monkeypatch, models, "--style-encoder", style)


def test_measured(trainer, tiny, landed, tmp_path, monkeypatch, capsys):
    trainer(3).run()
    style = tmp_path / "out" / "landed.safetensors"
    given = ["--landed", landed, "--encoder", tiny / "encoder.safetensors", "--style-encoder", style]
    report = tmp_path / "report.json"
    monkeypatch.setattr(
        sys, "argv", ["measure", *map(str, given), "--steps", "2", "--restarts", "1", "--json", str(report)]
    )
    measure_style.main()
    found = json.loads(report.read_text())
    names = [row["name"] for row in found["rows"]]
    assert names[:4] == ["the border's own colour", "another photograph of the class", "a random z", "S"]
    ways = ["pyramid", "pyramid, held 1", "pyramid and features", "pyramid, best of 2 starts"]
    assert names[4:] == [f"2 steps, {way}" for way in ways]
    assert found["settings"]["photographs"] == 2 and set(found["smoothness"]) == {"text", "style"}
    assert "cosine of z" in capsys.readouterr().out
    other = land_generator(tmp_path / "other.safetensors", 2)
    monkeypatch.setattr(sys, "argv", ["measure", "--landed", str(other), *map(str, given[2:])])
    with pytest.raises(SystemExit, match="inverts generator"):
        measure_style.main()
