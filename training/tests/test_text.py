"""The shared cases hold here too: the same file is checked by tests/text/alphabet.test.ts."""

import json
from pathlib import Path

import pytest

from text import ALPHABET, CAPTION_LENGTH, encode_characters, normalise, words

CASES = json.loads((Path(__file__).parents[2] / "tests/golden/text-cases.json").read_text("utf-8"))


def expand(case: dict) -> tuple[str, str]:
    """Long cases are stored as one piece and a number."""
    times = case.get("repeat", 1)
    return case["caption"] * times, case["normalised"] * times


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["caption"])[:40])
def test_shared_case(case: dict) -> None:
    caption, expected = expand(case)
    assert normalise(caption) == expected
    codes = encode_characters(caption)
    read = expected[:CAPTION_LENGTH]
    assert [ALPHABET[i - 1] for i in codes[: len(read)]] == list(read)
    assert codes[len(read) :] == [0] * (CAPTION_LENGTH - len(read))
    if "indices" in case:
        assert codes[: len(case["indices"])] == case["indices"]
    if "words" in case:
        assert words(caption) == case["words"]


def test_alphabet_has_reed_s_70_slots() -> None:
    assert len(ALPHABET) == 70
    assert [i + 1 for i, sign in enumerate(ALPHABET) if sign == "-"] == [37, 60]


def test_length_is_an_argument() -> None:
    assert encode_characters("red-ish", 5) == [18, 5, 4, 37, 9]
    assert encode_characters("red", 5) == [18, 5, 4, 0, 0]


def test_normalising_twice_changes_nothing() -> None:
    for case in CASES:
        once = normalise(expand(case)[0])
        assert normalise(once) == once
