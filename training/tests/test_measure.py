"""The whole command on a dozen flat pictures and an evaluator with random weights."""

import json
import sys
from dataclasses import asdict

import numpy as np
import pytest
import torch
from PIL import Image

import data
import measure
from checkpoint import load_weights, painter, save_weights
from models.evaluator import Config, Evaluator, save_evaluator
from models.gan_int_cls import Config as GeneratorConfig
from models.gan_int_cls import Generator
from painted import read_painted
from photographs import same_classes


@pytest.fixture
def evaluator(tmp_path):
    torch.manual_seed(8)
    made = Evaluator(Config(classes=4, widths=(8, 8, 16, 16)), ["red", "yellow", "blue", "white"])
    save_evaluator(tmp_path / "evaluator.safetensors", made, {"val_accuracy": 0.25, "val_r_precision": 0.01})
    return tmp_path / "evaluator.safetensors"


@pytest.fixture
def report(tiny, tmp_path, monkeypatch, evaluator):
    def run(*given: str) -> dict:
        command = ["measure", "--evaluator", str(evaluator), "--json", str(tmp_path / "report.json"), *given]
        monkeypatch.setattr(sys, "argv", command)
        measure.main()
        return json.loads((tmp_path / "report.json").read_text())

    return run


def by_name(report: dict) -> dict:
    return {figure["name"]: figure for figure in report["figures"]}


def test_photographs_measured_as_paintings_are_as_good_as_photographs(report, tmp_path, capsys):
    val = data.load("flowers", "val", 72)
    folder = tmp_path / "painted"
    folder.mkdir()
    listed = []
    for i, picture in enumerate(val.pictures):
        Image.fromarray(picture[4:68, 4:68]).save(folder / f"{i}.png")
        listed.append({"caption": val.captions[i][1], "seed": i, "file": f"elsewhere/{i}.png"})
    (tmp_path / "list.json").write_text(json.dumps(listed))
    found = report("--pictures", str(folder), "--list", str(tmp_path / "list.json"))
    figures = by_name(found)
    assert found["settings"]["pictures"] == 4
    assert figures["KID × 1000"]["value"] <= 1e-6, "a set against itself"
    near = figures["Distance to the nearest training photograph"]
    assert near["value"] == pytest.approx(near["real"])
    assert "Diversity at a fixed caption" not in figures, "one picture a caption says nothing about it"
    assert "evaluator" in found["evaluator"] and found["evaluator"] in capsys.readouterr().out


def test_landed_weights_are_measured_and_the_seed_decides(report, tiny, tmp_path):
    torch.manual_seed(9)
    config = GeneratorConfig(text=8, channels=(8, 8, 8, 8, 8))
    landed = {f"generator.{k}": v for k, v in Generator(config).state_dict().items()}
    save_weights(tmp_path / "landed.safetensors", landed, {"config": asdict(config), "pictures": 5}, torch.float16)
    given = ["--landed", str(tmp_path / "landed.safetensors"), "--encoder", str(tiny / "encoder.safetensors")]
    first = report(*given, "--draws", "2")
    assert first == report(*given, "--draws", "2")
    painted_by = painter(
        *(load_weights(at / name)[0] for at, name in ((tmp_path, "landed.safetensors"), (tiny, "encoder.safetensors")))
    )
    settings = {"pictures": 8, "truncation": 1.0, "seed": 1, "draws": 2, "trained": 5}
    assert first["settings"] == settings | painted_by
    figures = by_name(first)
    assert figures["Diversity at a fixed caption"]["value"] > 0
    assert by_name(report(*given, "--draws", "2", "--seed", "2")) != figures
    still = by_name(report(*given, "--draws", "2", "--truncation", "0"))
    assert still["Diversity at a fixed caption"]["value"] == pytest.approx(0, abs=1e-3)


def test_a_painted_list_is_put_in_turns(tmp_path):
    captions = ["a", "a", "b", "b", "a", "a"]
    for i in range(6):
        Image.fromarray(np.full((128, 128, 3), 40 * i, np.uint8)).save(tmp_path / f"{i}.png")
    listed = [{"caption": c, "seed": i, "file": f"{i}.png"} for i, c in enumerate(captions)]
    (tmp_path / "list.json").write_text(json.dumps(listed))
    painted = read_painted(tmp_path, tmp_path / "list.json")
    assert painted.captions == ["a", "b", "a", "a", "b", "a"]
    assert painted.groups.tolist() == [0, 1, 0, 0, 1, 0]
    assert painted.pictures.shape == (6, 64, 64, 3)
    assert painted.pictures[:, 0, 0, 0].tolist() == [0, 80, 160, 40, 120, 200]


def test_real_rows_are_of_the_classes_asked_for():
    pool = np.repeat(np.arange(5), 10)
    classes = np.array([0, 0, 3, 4, 4, 4])
    rows = same_classes(classes, pool, np.random.default_rng(1))
    assert pool[rows].tolist() == classes.tolist() and len(set(rows.tolist())) == 6
