"""The measure of faces on a dozen flat ones: what its figures say of pictures that are known."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import measure_faces
import train_face_encoder
import train_face_evaluator
from checkpoint import save_weights
from face_attributes import ATTRIBUTES
from face_figures import BESIDE, SINGLE, Wanted, accuracy, by_attribute, classifier_alone, paint_faces, read_prose
from models.evaluator import load_evaluator
from models.t2f import Config, Drawn, Generator
from text import words

PROSE = Path(__file__).parents[1] / "captions" / "prose-faces.txt"


def test_fifty_descriptions_say_what_can_be_measured():
    prose = read_prose(PROSE)
    assert len(prose) == len({w.text for w in prose}) == 50
    told = {name for w in prose for name in w.claims}
    assert told >= {"Male", "Young", "Smiling", "Eyeglasses", "Wearing_Hat", "No_Beard", "Bald", "Blond_Hair"}
    assert prose[0].claims == {"Male": False, "Young": True, "Smiling": True, "Black_Hair": True}
    assert {name for _, name, _, _ in SINGLE} <= set(ATTRIBUTES)


def test_a_slip_in_an_attribute_s_name_is_found(tmp_path):
    (tmp_path / "prose.txt").write_text("A man. | Mail\n")
    with pytest.raises(AssertionError, match="Mail"):
        read_prose(tmp_path / "prose.txt")


def test_accuracy_counts_what_is_said_and_nothing_else():
    wanted = [Wanted("a", {"Male": True, "Young": False}), Wanted("b", {"Male": False})]
    shown = np.zeros((4, 40), bool)  # two pictures each
    shown[0, ATTRIBUTES.index("Male")] = True
    shown[2, ATTRIBUTES.index("Male")] = True
    shown[:, ATTRIBUTES.index("Bald")] = True
    assert accuracy(wanted, shown).tolist() == [0.75, 0.5]
    assert by_attribute(wanted, shown) == {"Male": 0.5, "Young": 1.0}


def test_the_classifier_s_own_share():
    shown = np.zeros((3, 40), bool)
    shown[:2, ATTRIBUTES.index("Bald")] = True
    faces = [["Bald"], [], ["Bald"]]
    assert classifier_alone(shown, faces, "Bald", True) == 0.5
    assert classifier_alone(shown, faces, "Bald", False) == 0.0
    assert np.isnan(classifier_alone(shown, faces, "Male", True))


def test_the_classifier_s_own_share_is_of_those_whom_the_sentence_speaks_of():
    shown = np.zeros((4, 40), bool)
    shown[:3, ATTRIBUTES.index("No_Beard")] = True
    faces = [["No_Beard"], ["No_Beard"], ["No_Beard", "Male"], ["No_Beard", "Male"]]
    assert classifier_alone(shown, faces, "No_Beard", True) == 0.75
    assert classifier_alone(shown, faces, "No_Beard", True, {"Male": True}) == 0.5


def test_what_is_said_of_men_is_measured_on_men():
    men = {text for text, name, *_ in SINGLE if "man" in words(text) and name != "Male"}
    assert set(BESIDE) == men and all(said == {"Male": True} for said in BESIDE.values())


def test_faces_are_painted_from_one_seed():
    torch.manual_seed(1)
    generator = Drawn(Generator(Config(6, 10, 5, (12, 8, 6))).eval().requires_grad_(False))
    sentences = torch.randn(70, 10)
    pictures = paint_faces(generator, sentences, 3)
    assert pictures.shape == (70, 16, 16, 3) and pictures.dtype == np.uint8
    assert np.array_equal(pictures, paint_faces(generator, sentences, 3))
    assert not np.array_equal(pictures, paint_faces(generator, sentences, 4))


def test_the_whole_road(tiny, tmp_path, monkeypatch, capsys):
    """Evaluator, encoder, a generator that has learnt nothing, and the table."""

    def run(module, *given: str) -> None:
        monkeypatch.setattr(sys, "argv", ["x", *given])
        module.main()

    run(train_face_evaluator, "--out", str(tmp_path / "e"), "--epochs", "2", "--batch", "6")
    evaluator, figures = load_evaluator(tmp_path / "e" / "evaluator.safetensors")
    assert evaluator.config.classes == 40 and 0 <= figures["val_balanced"] <= 1
    run(train_face_encoder, "--out", str(tmp_path / "t"), "--epochs", "1", "--batch", "6")
    torch.manual_seed(2)
    generator = Generator(Config(channels=(12, 8, 8, 8, 8)))
    landed = {f"generator.{k}": v for k, v in generator.state_dict().items()}
    config = {"z": 128, "sentence": 128, "condition": 128, "channels": [12, 8, 8, 8, 8]}
    save_weights(tmp_path / "g.safetensors", landed, {"architecture": "t2f", "config": config, "pictures": 0})
    for name, value in {"CAPTIONS": 3, "REPEATS": 2, "COMPONENTS": 4}.items():
        monkeypatch.setattr(measure_faces, name, value)
    given = ["--landed", str(tmp_path / "g.safetensors"), "--encoder", str(tmp_path / "t" / "encoder.safetensors")]
    given += ["--evaluator", str(tmp_path / "e" / "evaluator.safetensors"), "--count", "2"]
    reports = []
    for _ in range(2):
        run(measure_faces, *given, "--json", str(tmp_path / "m.json"))
        reports.append(json.loads((tmp_path / "m.json").read_text()))
    assert reports[0] == reports[1], "same arguments, same figures"
    found = {f["name"]: f for f in reports[0]["figures"]}
    assert found["KID × 1000"]["value"] > found["KID × 1000"]["real"], "noise is no face"
    assert all(0 <= found[f"Attribute shown: {group}"]["value"] <= 1 for group in {g for *_, g in SINGLE})
    assert "Attributes shown of free prose" in capsys.readouterr().out
