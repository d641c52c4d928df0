"""Descriptions as people type them, and an encoder that learns to take them for the grammar's."""

import csv
import random
import re
import sys
from pathlib import Path

import pytest
import torch
from test_face_sentences import FACES

import widen_face_encoder as widening
from face_facts import Fact, facts
from face_thesaurus import COLOURS, OF_AGE, WAYS, silent
from face_words import casually, signs, told_twice, ways_of
from models.t2f_encoder import load_encoder
from sentences import embed_captions


def typed(fact: Fact, male: bool | None, count: int = 200) -> set[str]:
    return {casually([fact], male, random.Random(seed)) for seed in range(count)}


def test_no_beard_is_told_in_many_ways_and_never_as_a_beard():
    fact = Fact("beard", "has", ("no beard",), ("No_Beard",), ("Goatee", "Mustache", "5_o_Clock_Shadow"))
    said = typed(fact, True)
    assert any("without a beard" in text for text in said) and any("beardless" in text for text in said)
    for text in said:
        negated = re.search(r"\b(no|without|doesn't have|shav|beardless|smooth|clean)", text)
        assert negated, text


def test_who_is_told_to_be_somebody_is_never_told_to_be_another():
    men = {word for names in (OF_AGE[True, "+Young"], OF_AGE[True, "-Young"]) for word in names.split(", ")}
    women = {word for names in (OF_AGE[False, "+Young"], OF_AGE[False, "-Young"]) for word in names.split(", ")}
    assert not men & women
    for seed in range(300):
        has = frozenset(FACES[seed % len(FACES)])
        text = told_twice(has, random.Random(seed))[1]
        wrong = r"\b(she|her|woman|girl|lady|female|gal)\b" if "Male" in has else r"\b(he|his|man|boy|guy|male|lad)\b"
        assert not re.search(wrong, text), (text, sorted(has))


def test_every_sign_has_ways_or_the_grammars_own():
    seen = set()
    for i, face in enumerate(FACES):
        rng = random.Random(i)
        for fact in facts(frozenset(face), rng):
            ways = ways_of(fact, rng)
            assert ways is None or any((ways.adjectives, ways.has, ways.without, ways.wears, ways.does))
            seen |= set(signs(fact))
    assert set(WAYS) <= seen, "nothing stands in the table that no fact claims"


def test_a_colour_of_hair_is_that_colour():
    fact = Fact("hair", "has", ("gray hair",), ("Gray_Hair",))
    for text in typed(fact, False):
        assert any(name in text for name in COLOURS["Gray_Hair"].split(", ")), text
        assert not re.search(r"\b(blonde?|golden|chestnut|raven)\b", text), text


def test_it_is_the_same_for_the_same_seed():
    has = frozenset({"Male", "Young", "Smiling"})
    assert told_twice(has, random.Random(4)) == told_twice(has, random.Random(4))
    assert len({told_twice(has, random.Random(n))[1] for n in range(50)}) > 30


def test_what_tells_nothing_stays_unknown():
    nothing = silent()
    assert {"dress", "tattoo", "messy", "selfie"} <= nothing
    assert not {"eyes", "red", "long", "white", "big", "on", "a", "hair", "girl", "sunglasses"} & nothing


def test_words_are_added_behind_and_move_nothing_yet(face_encoder: Path):
    old, known = load_encoder(face_encoder)
    wide = widening.with_more_words(face_encoder, ["girl", "beanie"])
    rows = torch.tensor([[2, 3, 1, 4]])
    assert torch.equal(old(rows), wide(rows))
    new = 2 + len(known)
    assert torch.equal(wide(torch.tensor([[2, new, 4]])), old(torch.tensor([[2, 1, 4]]))), "at first a stranger"


def test_what_is_typed_comes_to_say_the_same(face_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(widening, "GATHERED", 3000)

    def run(steps: int, out: str) -> dict[str, torch.Tensor]:
        given = ["--encoder", str(face_encoder), "--out", str(tmp_path / out), "--steps", str(steps)]
        monkeypatch.setattr(sys, "argv", ["widen", *given, "--batch", "24", "--save-every", "30", "--rate", "5e-3"])
        widening.main()
        return load_encoder(tmp_path / out / "encoder.safetensors")[0].state_dict()

    run(60, "wide")
    with open(tmp_path / "wide" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["0", "30", "60"]
    assert float(rows[0]["cosine_as_written"]) == pytest.approx(1, abs=1e-5)
    assert float(rows[-1]["cosine_as_typed"]) > float(rows[0]["cosine_as_typed"]) + 0.02
    _, words = load_encoder(tmp_path / "wide" / "landed.safetensors")
    assert {"girl", "sunglasses", "without", "beardless"} <= set(words) and len(set(words)) == len(words)
    (said,) = embed_captions(tmp_path / "wide" / "landed.safetensors", [["a girl", "a qwrtz"]])
    assert not torch.equal(said[0], said[1])


def test_who_is_seldom_is_told_of_more_often():
    faces = [frozenset({"Male", "No_Beard"})] * 95 + [frozenset({"Male", "No_Beard", "Bald"})] * 5
    drawn = widening.Teller(faces).weights
    assert drawn[94] == pytest.approx(95) and drawn[99] == pytest.approx(95 + 5 * 4)
    beards = [frozenset({"Male", "No_Beard"})] * 99 + [frozenset({"Male"})]
    assert widening.Teller(beards).weights[99] == pytest.approx(99 + widening.MOST)
