"""GLAM goes out as far as it was trained; what it shares with another model is not copied."""

import json
import sys
from pathlib import Path

import pytest
import torch
from safetensors.numpy import load_file

import export
from checkpoint import save_weights
from models.glam import Config, Glam
from models.stem import Config as StemConfig
from models.stem import Stem, save_stem
from models.style_encoder import Config as StyleConfig
from models.style_encoder import StyleEncoder, save_style_encoder
from tiny import fixture_model, unsettle

CONFIG = {"z": 6, "sentence": 10, "word": 6, "condition": 5, "channels": [12, 8, 6], "stages": [[7, 5], [5, 4]]}
CARD = Path(__file__).parents[1] / "cards" / "mirrorgan.json"


@pytest.fixture
def exported(tmp_path, monkeypatch):
    torch.manual_seed(1)
    stages = tuple(tuple(stage) for stage in CONFIG["stages"])
    painter = Glam(Config(**CONFIG | {"channels": tuple(CONFIG["channels"]), "stages": stages}))
    unsettle(painter, torch.Generator().manual_seed(1))
    stem = Stem(StemConfig(vocabulary=4, word=4, hidden=3, sentence=10, longest=8))
    save_stem(tmp_path / "stem.safetensors", stem, ["red", "flower"], {})
    models = tmp_path / "models"
    fixture_model(models)

    def run(*given: str) -> dict:
        monkeypatch.setattr(sys, "argv", ["export", "--id", "mirror", "--models", str(models), *given])
        export.main()
        entries = json.loads((models / "manifest.json").read_text())["models"]
        return next(entry for entry in entries if entry["id"] == "mirror")

    def painted(depth: int) -> dict:
        landed = {f"generator.{k}": v for k, v in painter.state_dict().items()}
        save_weights(tmp_path / "landed.safetensors", landed, {"pictures": 9, "depth": depth, "config": CONFIG})
        files = ("--landed", str(tmp_path / "landed.safetensors"), "--encoder", str(tmp_path / "stem.safetensors"))
        return run(*files, "--card", str(CARD), "--storage", "float32")

    run.painted, run.models = painted, models
    return run


@pytest.mark.parametrize(("depth", "sizes"), [(0, [16]), (1, [16, 32]), (2, [16, 32, 64])])
def test_it_goes_out_as_far_as_it_was_trained(exported, depth, sizes):
    entry = exported.painted(depth)
    assert (entry["architecture"], entry["sizes"]) == ("mirror-gan", sizes)
    assert entry["config"]["generator"]["stages"] == CONFIG["stages"][:depth]
    assert entry["config"]["generator"]["sentenceAttention"] is True
    assert entry.get("abilities", []) == (["look"] if depth > 0 else []), "one stage alone listens to no words"
    weights = load_file(exported.models / "mirror" / "generator.safetensors")
    assert {name.split(".")[1] for name in weights if name.startswith("stages.")} == {str(i) for i in range(depth)}
    assert {name.split(".")[1] for name in weights if name.startswith("paint.")} == {str(i) for i in range(depth + 1)}
    assert json.loads((exported.models / "mirror" / "vocabulary.json").read_text()) == {"words": ["red", "flower"]}


def test_what_is_shared_is_the_others_file_and_stays_when_it_is_exported_anew(exported):
    exported.painted(1)
    card = exported.models / "tiny" / "card.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"captioner": {"recipe": "none"}}))
    exported("--captioner-of", "tiny", "--style-encoder-of", "tiny")
    entry = exported.painted(1)
    tiny = json.loads((exported.models / "manifest.json").read_text())["models"][1]
    assert tiny["id"] == "tiny"
    theirs = {file["role"]: file for file in tiny["files"]}
    shared = {file["role"]: file for file in entry["files"] if file["path"].startswith("tiny/")}
    assert set(shared) == {"captioner", "captioner-vocabulary", "captioner-encoder", "style-encoder"}
    assert shared["captioner-encoder"]["sha256"] == theirs["encoder"]["sha256"]
    assert shared["captioner"] == theirs["captioner"]
    assert (
        entry["config"]["reader"] == tiny["config"]["encoder"] and entry["config"]["style"] == tiny["config"]["style"]
    )
    assert json.loads((exported.models / "mirror" / "card.json").read_text())["captioner"] == {"recipe": "none"}


def test_a_style_encoder_of_what_the_first_stage_was_may_be_its_own_file(exported, tmp_path):
    exported.painted(1)
    exported("--style-encoder-of", "tiny")
    path = tmp_path / "style-encoder.safetensors"
    encoder = StyleEncoder(StyleConfig(z=6, size=16, channels=(4, 5)))
    save_style_encoder(path, encoder, {"generator": "0123456789ab", "generatorPictures": 7})
    entry = exported("--style-encoder", str(path))
    assert [file["path"] for file in entry["files"] if file["role"] == "style-encoder"] == [
        "mirror/style-encoder.safetensors"
    ]
    assert entry["config"]["style"]["channels"] == [4, 5]
    with pytest.raises(SystemExit, match="inverts generator 0123456789ab"):
        exported("--style-encoder", str(path), "--id", "tiny")
