"""The critic that ships, beside a generator that stands still: who moves, what it learns, what a restart keeps, what is
exported."""

import json
import sys
from pathlib import Path

import pytest
import torch
from test_train_style_encoder import everything, land_generator

import export
import train_own_critic as training
from checkpoint import fingerprint, load_weights, prefixed


@pytest.fixture
def landed(tmp_path: Path) -> Path:
    return land_generator(tmp_path / "generator.safetensors", 1)


@pytest.fixture
def trainer(tiny: Path, landed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def make(pictures: int, *more: str, out: str = "out", generator: Path = landed) -> training.Trainer:
        given = ["--set", "flowers", "--landed", str(generator), "--encoder", str(tiny / "encoder.safetensors")]
        given += ["--out", str(tmp_path / out), "--pictures", str(pictures), "--batch", "8", "--log-every", "1"]
        monkeypatch.setattr(sys, "argv", ["train", *given, "--save-every", "16", "--device", "cpu", *more])
        return training.Trainer(training.parse())

    return make


def test_who_moves(trainer):
    it = trainer(8)
    generator, critic = everything(it.generator), everything(it.own.critic)
    figures = it.step()
    assert all(torch.equal(t, generator[name]) for name, t in it.generator.state_dict().items())
    still = {name for name, p in it.own.critic.named_parameters() if torch.equal(p, critic[name])}
    # At first photographs and painted pictures pull its bias equally far to either side.
    assert still <= {"realism_map.bias"}
    assert it.done == 8 and all(torch.isfinite(value) for value in figures.values())


def test_the_contrast_teaches_whose_caption_it_is(trainer):

    def learnt(contrast: str) -> float:
        """By how much a photograph's own caption comes to stand above seven others', which are nowhere called wrong."""
        critic = trainer(8, "--contrast", contrast).own
        draws = torch.Generator().manual_seed(5)
        pictures, sentences = torch.randn(8, 3, 64, 64, generator=draws), torch.randn(8, 256, generator=draws)
        nothing = torch.zeros_like(sentences)
        above = []
        for _ in range(13):
            with torch.no_grad():
                said = critic.critic.agreement(critic.critic.trunk(pictures), sentences)
            above.append(float((said.diagonal() - said.mean(1)).mean()))
            critic.step(pictures, pictures, (sentences, nothing, nothing), torch.zeros(8))
        return above[-1] - above[0]

    with_it, without = learnt("1"), learnt("0")
    assert with_it > 2 * max(without, 0.02)


def test_a_resumed_run_is_the_run_that_never_stopped(trainer):
    trainer(32, out="whole").run()
    whole = everything(trainer(32, out="whole").own.critic)
    trainer(16, out="parts").run()
    resumed = trainer(32, out="parts")
    assert resumed.done == 16
    resumed.run()
    found = resumed.own.critic.state_dict()
    assert [name for name in whole if not torch.equal(whole[name], found[name])] == []


def test_a_run_belongs_to_its_generator(trainer, tmp_path):
    trainer(8).run()
    with pytest.raises(AssertionError, match="another generator"):
        trainer(16, generator=land_generator(tmp_path / "other.safetensors", 2))


def test_what_lands_is_exported_as_a_critic(trainer, tmp_path, landed, monkeypatch):
    trainer(16).run()
    weights, metadata = load_weights(tmp_path / "out" / "landed.safetensors")
    assert metadata["generator"] == fingerprint(prefixed(load_weights(landed)[0], "generator."))
    assert all(name.startswith("own.") for name in weights) and metadata["pictures"] == 16
    models = tmp_path / "models"
    models.mkdir()
    entry = {"id": "it", "config": {}, "files": []}
    (models / "manifest.json").write_text(json.dumps({"version": 1, "models": [entry]}))
    critic = str(tmp_path / "out" / "landed.safetensors")
    monkeypatch.setattr(sys, "argv", ["export", "--models", str(models), "--id", "it", "--critic", critic])
    export.main()
    exported = json.loads((models / "manifest.json").read_text())["models"][0]
    assert [file["role"] for file in exported["files"]] == ["critic"]
    assert exported["config"]["critic"]["sentence"] == metadata["own"]["sentence"]
