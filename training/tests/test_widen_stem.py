"""Other words for STEM: what it knew stays, and what is taught comes to say the same."""

import csv
import sys
from functools import partial
from pathlib import Path

import pytest
import torch

import data
import widen_stem as widening
from models.stem import PADDING, SPECIAL, UNKNOWN, Config, Stem, encode_all, load_stem, save_stem

KNOWN = ["a", "blue", "flower", "has", "number", "petals", "red", "this", "white", "yellow"]


@pytest.fixture
def stem(tmp_path: Path) -> Path:
    torch.manual_seed(7)
    path = tmp_path / "stem.safetensors"
    save_stem(path, Stem(Config(SPECIAL + len(KNOWN), word=8, hidden=6, sentence=10, longest=12)), KNOWN, {})
    return path


def test_new_words_are_strangers_and_the_old_ones_stay(stem: Path):
    old, _ = load_stem(stem)
    wide, words = widening.with_more_words(stem)
    assert words[: len(KNOWN)] == KNOWN and {"crimson", "rim", "freckles"} <= set(words) and "tulip" not in words
    said = [["this flower has red petals", "a crimson flower"]]
    (before,), (after,) = (encode_all(said, of, 12) for of in (KNOWN, words))
    assert before[1, 1] == UNKNOWN != after[1, 1]
    for one, other in zip(old(before), wide(after), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_words_are_compared_where_there_are_as_many():
    written = ["a red flower", "a red flower", "a red flower"]
    assert widening.word_by_word(written, ["a crimson flower", "a blood red flower", "red"]).tolist() == [1, 0, 0]


def test_the_words_count_only_where_they_are_compared(stem: Path):
    module, _ = load_stem(stem)
    rows = widening.rows_of(["a red flower", "a red flower"], KNOWN, 12, torch.tensor([True, False]))
    one, other = widening.read(module, rows)
    assert torch.equal(one[:10], other[:10]), "the sentence counts always"
    assert one[10:].abs().sum() > 0 and other[10:].abs().sum() == 0


def test_some_of_what_is_typed_is_hidden_but_no_padding_and_no_mark():
    rows = widening.rows_of(["a red flower"] * 500, KNOWN, 12, torch.ones(500))
    gone = widening.hidden(rows, 0.1, torch.Generator().manual_seed(1))
    changed = gone != rows
    assert 90 < int(changed.sum()) < 210 and (gone[changed] == UNKNOWN).all()
    assert not changed[:, -1].any() and not changed[rows == PADDING].any()


def test_other_words_come_to_say_the_same(stem: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(widening.data, "read_captions", partial(data.read_captions, data=data.DATA))
    given = ["--encoder", str(stem), "--out", str(tmp_path / "wide"), "--steps", "150", "--save-every", "50"]
    monkeypatch.setattr(sys, "argv", ["widen", *given, "--batch", "12", "--rate", "5e-3"])
    widening.main()
    with open(tmp_path / "wide" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["0", "50", "100", "150"]
    assert float(rows[0]["cosine_as_written"]) == pytest.approx(1)
    assert float(rows[-1]["loss"]) < 0.8 * float(rows[1]["loss"])
    assert float(rows[-1]["cosine_in_other_words"]) > float(rows[0]["cosine_in_other_words"])
    landed, words = load_stem(tmp_path / "wide" / "landed.safetensors")
    assert landed.config.vocabulary == SPECIAL + len(words) > SPECIAL + len(KNOWN)
