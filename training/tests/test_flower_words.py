"""Captions as people type them: they say what the written ones say, in other words."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import measure_typed_flowers as measuring
from colour_words import NAMES, THINGS
from flower_words import PARTS, PETALS, Flower, draw, taught, told_twice
from text import words

# What may stand for a colour.
CALLED = {
    colour: [colour, *NAMES.get(colour, "").split(", "), *THINGS.get(colour, "").split(", ")]
    for colour in {*PETALS.split(", "), *measuring.OTHERS, "dark purple"}
}


def says(text: str, colour: str) -> bool:
    parts = [colour, colour.split()[-1]]
    names = [name for part in parts for name in CALLED.get(part, [part]) if name]
    return any(re.search(rf"\b{re.escape(name)}\b", text.lower()) for name in names)


def test_what_is_typed_names_the_same_colours():
    rng = random.Random(1)
    for _ in range(2000):
        flower = draw(rng)
        text = flower.typed(rng)
        assert says(text, flower.colour), (flower, text)
        if flower.part:
            assert says(text, flower.other), (flower, text)


def test_written_is_as_the_photographs_captions_are():
    assert Flower("red").written() == "this flower has red petals"
    assert Flower("blue", "thin", "tips", "white").written() == "this flower has thin blue petals with white tips"


def test_what_is_typed_is_english_enough():
    texts = told_twice(2000, random.Random(2))[1]
    assert len(set(texts)) > 1900, "hardly two alike"
    for text in texts:
        assert not re.search(r"  | ,|\{|\}|\b[Aa] [aeiou]|\ban? (lots|many|layers)\b", text), text
        assert len(text) < 200
    assert any("," in text for text in texts) and any(text[0].isupper() for text in texts)
    assert told_twice(50, random.Random(3)) == told_twice(50, random.Random(3))


def test_what_is_taught_is_of_shapes_and_parts_and_no_name_of_a_flower():
    assert {"freckles", "rim", "frilly", "tipped"} <= set(taught()) and not {"tulip", "garden", "blue"} & set(taught())


def test_every_way_to_say_a_part_names_its_colour():
    for of_captions, ways in PARTS.values():
        assert "{b}" in of_captions and all("{b}" in way for way in ways.split("; "))


def test_captions_written_by_hand_are_read_and_wrong_ones_are_not(tmp_path: Path):
    rows = measuring.read(Path(measuring.__file__).parent / "captions" / "typed.txt")
    assert len(rows) == 60 and ("pink tulip", Flower("pink")) in rows
    assert ("white daisy with a yellow middle", Flower("white", "", "center", "yellow")) in rows
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("a flower | turquoise | - | -\n")
    with pytest.raises(AssertionError, match="turquoise"):
        measuring.read(wrong)


def test_shades_are_asked_for_as_the_colour_that_they_are_of():
    assert measuring.plain(Flower("dark red", "", "tips", "dark purple")) == Flower("red", "", "tips", "purple")
    assert measuring.plain(Flower("lavender", "thin")) == Flower("purple", "thin")


def test_what_is_seen_is_the_colour_that_the_picture_is_most_like(monkeypatch: pytest.MonkeyPatch):
    """An evaluator that knows four colours by their channels."""
    axes = {"red": 0, "white": 1, "blue": 2, "yellow": 3}

    def of_captions(_: object, texts: list[str]) -> np.ndarray:
        rows = [[float(name in words(text)) for name in axes] for text in texts]
        return np.array(rows, np.float32)

    monkeypatch.setattr(measuring, "features_of", lambda _, pictures: pictures)
    monkeypatch.setattr(measuring, "embedded_pictures", lambda _, pictures: pictures)
    monkeypatch.setattr(measuring, "embedded_captions", of_captions)
    pictures = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0.6], [0, 0, 1, 0.6]], np.float32)
    flowers = [Flower("red"), Flower("white"), Flower("blue", "", "tips", "yellow"), Flower("blue", "", "tips", "red")]
    assert measuring.seen(torch.nn.Identity(), pictures, flowers) == {"petals": 0.75, "other": 0.5}
