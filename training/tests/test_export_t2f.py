"""A grown face generator goes out with its reader's words, at all its sizes; one that still grows does not."""

import json
import sys
from pathlib import Path

import pytest
import torch
from safetensors.numpy import load_file

import export
from arrays import equalised_arrays, t2f_arrays
from checkpoint import load_weights, painter, save_weights
from models.t2f import Config, Generator
from models.t2f_encoder import Config as EncoderConfig
from models.t2f_encoder import T2fEncoder, save_encoder
from shipped import t2f_from

CONFIG = {"z": 6, "sentence": 10, "condition": 5, "channels": [12, 8, 6]}
CARD = Path(__file__).parents[1] / "cards" / "faces.json"


@pytest.fixture
def exported(tmp_path, monkeypatch):
    torch.manual_seed(1)
    generator = Generator(Config(**CONFIG | {"channels": (12, 8, 6)}))
    encoder = T2fEncoder(EncoderConfig(vocabulary=5, word=4, hidden=3, sentence=10, longest=8))
    save_encoder(tmp_path / "encoder.safetensors", encoder, ["a", "man", "woman"], torch.float32)

    def run(grown: list, storage: str = "float32", *more: str) -> Path:
        landed = {f"generator.{k}": v for k, v in generator.state_dict().items()}
        metadata = {"architecture": "t2f", "pictures": 9, "grown": grown, "config": CONFIG}
        save_weights(tmp_path / "landed.safetensors", landed, metadata)
        given = ["--landed", str(tmp_path / "landed.safetensors"), "--encoder", str(tmp_path / "encoder.safetensors")]
        given += ["--card", str(CARD), "--id", "faces", "--storage", storage, *more]
        given += ["--models", str(tmp_path / "models")]
        monkeypatch.setattr(sys, "argv", ["export", *given])
        export.main()
        return tmp_path / "models"

    run.generator = generator
    return run


def test_a_grown_one_is_listed_with_all_its_sizes(exported):
    models = exported([2, 1.0])
    (entry,) = json.loads((models / "manifest.json").read_text())["models"]
    assert (entry["architecture"], entry["sizes"]) == ("t2f", [4, 8, 16])
    assert entry["config"]["generator"] == CONFIG and entry["config"]["encoder"]["sentence"] == 10
    assert {f["role"] for f in entry["files"]} == {"generator", "encoder", "vocabulary", "card"}
    assert json.loads((models / "faces" / "vocabulary.json").read_text()) == {"words": ["a", "man", "woman"]}
    card = json.loads((models / "faces" / "card.json").read_text())
    assert "non-commercial" in card["licence"] and "nobody" in card["summary"] and card["training"]["pictures"] == 9
    weights = load_file(models / "faces" / "generator.safetensors")
    assert weights["seed.weight"].shape == (11, 192) and weights["paints.2.weight"].shape == (1, 1, 6, 3)
    assert sum(a.size for a in weights.values()) == sum(p.numel() for p in exported.generator.parameters())


def test_a_card_has_the_figures_of_its_own_weights(exported, tmp_path):
    exported([2, 1.0])
    own = painter(*(load_weights(tmp_path / f"{name}.safetensors")[0] for name in ("landed", "encoder")))
    figures = [{"name": "KID × 1000", "value": 1.5}]

    def measured(settings: dict) -> str:
        path = tmp_path / "measured.json"
        path.write_text(json.dumps({"evaluator": "a ruler", "settings": settings, "figures": figures}))
        return str(path)

    models = exported([2, 1.0], "float32", "--measured", measured(own))
    assert json.loads((models / "faces" / "card.json").read_text())["figures"] == figures
    for other in ({}, own | {"generator": "0" * 12}, own | {"encoder": "0" * 12}):
        with pytest.raises(SystemExit, match="measure these weights first"):
            exported([2, 1.0], "float32", "--measured", measured(other))


def test_one_that_still_grows_stays_at_home(exported):
    for grown in ([1, 1.0], [2, 0.5]):
        with pytest.raises(SystemExit, match="still growing"):
            exported(grown)


def test_the_equalised_scale_is_in_the_weights():
    torch.manual_seed(2)
    generator = Generator(Config(**CONFIG | {"channels": (12, 8, 6)}))
    arrays = t2f_arrays(generator)
    assert arrays.keys() == {k for k, _ in generator.named_parameters()}
    first = generator.first
    expected = (first.weight * (2 / (12 * 9)) ** 0.5).detach().permute(2, 3, 1, 0)
    assert torch.allclose(torch.from_numpy(arrays["first.weight"]), expected)
    assert torch.allclose(
        torch.from_numpy(equalised_arrays(generator)["paints.0.weight"][0, 0]) * 12**0.5,
        generator.paints[0].weight.detach()[:, :, 0, 0].T,
        atol=1e-6,
    )


@pytest.mark.parametrize(("storage", "off"), [("float32", 1e-6), ("int8", 0.02)])
def test_what_ships_can_be_trained_on(exported, storage, off):
    models = exported([2, 1.0], storage)
    torch.manual_seed(7)
    read = Generator(exported.generator.config)
    assert t2f_from(models / "faces", read) == 9
    z, sentence, noise = torch.randn(3, 6), torch.randn(3, 10), torch.randn(3, 5)
    assert (read(z, sentence, noise) - exported.generator(z, sentence, noise)).abs().mean() < off
    assert not torch.equal(read.seed.weight, Generator(read.config).seed.weight)
