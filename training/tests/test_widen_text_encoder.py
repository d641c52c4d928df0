"""Other words for colours, and an encoder that learns to take them for the old ones."""

import csv
import random
import sys
from functools import partial

import pytest
import torch

import data
import widen_text_encoder as widening
from checkpoint import load_weights, save_weights
from colour_words import NAMES, in_other_words
from sentences import embed_captions


def test_a_colour_gets_another_name_and_nothing_else_changes():
    rng = random.Random(1)
    for _ in range(200):
        said = in_other_words("This flower has large white petals", rng)
        assert said.startswith("this flower has large ") and "petals" in said
        assert "white" not in said.replace("snow white", "").replace("milk white", "").replace(
            "chalk white", ""
        ).replace("pearl white", "").replace("porcelain white", "")
    assert in_other_words("A big flower with five petals", rng) == "a big flower with five petals"


def test_a_shade_is_read_as_one_colour():
    rng = random.Random(2)
    dark = {name.strip() for name in NAMES["dark red"].split(",")}
    said = {in_other_words("dark red petals", rng) for _ in range(100)}
    assert said <= {f"{name} petals" for name in dark} and len(said) > 2


def test_of_two_colours_one_may_stay():
    rng = random.Random(3)
    said = [in_other_words("red petals with a yellow edge", rng) for _ in range(200)]
    assert any("yellow edge" in s and not s.startswith("red petals") for s in said)
    assert any(s.startswith("red petals") and "yellow edge" not in s for s in said)


@pytest.fixture
def encoder(tiny, tmp_path):
    """The tiny one, standardised as a trained one is: drawn at random, it says nearly the same of everything."""
    weights, metadata = load_weights(tiny / "encoder.safetensors")
    weights = {k: v.float() * (4 if "weight" in k else 1) for k, v in weights.items()}
    path = tmp_path / "encoder.safetensors"
    save_weights(path, weights, metadata)
    said = torch.cat(embed_captions(path, data.read_captions("flowers", "train", data.DATA)))
    save_weights(path, weights | {"mean": said.mean(0), "deviation": said.std(0).clamp(min=1e-2)}, metadata)
    return path


def test_other_words_come_to_say_the_same(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(widening.data, "read_captions", partial(data.read_captions, data=data.DATA))

    def run(steps: int, out: str) -> None:
        given = ["--encoder", str(encoder), "--out", str(tmp_path / out), "--steps", str(steps)]
        monkeypatch.setattr(sys, "argv", ["widen", *given, "--batch", "12", "--save-every", "50", "--rate", "3e-3"])
        widening.main()

    run(150, "wide")
    with open(tmp_path / "wide" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["0", "50", "100", "150"]
    assert float(rows[0]["cosine_as_written"]) == pytest.approx(1)
    # Two dozen captions teach nothing that holds for others; that they themselves are learnt is to be seen.
    assert float(rows[-1]["loss"]) < 0.85 * float(rows[1]["loss"])
    (old,), (new,) = (
        embed_captions(path, [["a red flower"]]) for path in (encoder, tmp_path / "wide" / "landed.safetensors")
    )
    assert old.shape == new.shape and not torch.equal(old, new)
