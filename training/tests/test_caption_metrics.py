"""Hand-computed cases."""

import math

import pytest

from caption_metrics import bleu, cider, colour_words, figures


def said(*captions: str) -> list[list[str]]:
    return [c.split() for c in captions]


def test_bleu_of_a_reference_is_1():
    assert bleu(said("a red flower with petals"), [said("it is blue", "a red flower with petals")]) == pytest.approx(1)


def test_bleu_counts_clipped_phrases_over_the_whole_corpus():
    captions = said("the red red flower has petals", "a white flower is here now")
    references = [said("the red flower has petals"), said("a white flower is here today", "one white flower")]
    # One word: 5 of 6 (red twice, allowed once) and 5 of 6; two: 4 of 5 and 4 of 5; three: 2 of 4 and 3 of 4; four:
    # 1 of 3 and 2 of 3. Said 12, closest references 5 + 6: no penalty.
    expected = (10 / 12 * 8 / 10 * 5 / 8 * 3 / 6) ** 0.25
    assert bleu(captions, references) == pytest.approx(expected)


def test_bleu_punishes_brevity_by_the_closest_reference_and_of_two_the_shorter():
    caption = said("a red flower with white")
    # Lengths 4 and 6 are as close: 4 counts, and nothing is lost; 7 alone costs e^(1−7/5).
    near = [said("a red flower with", "a red flower with white petals")]
    assert bleu(caption, near) == pytest.approx(1)
    far = [said("a red flower with white petals here")]
    assert bleu(caption, far) == pytest.approx(math.exp(1 - 7 / 5))


def test_bleu_without_four_words_in_common_is_0():
    assert bleu(said("a red flower"), [said("a red flower")]) == 0


def test_cider_of_one_word_by_hand():
    # Words in one of two pictures weigh ln 2, words in both weigh nothing.
    references = [said("red flower", "red petals"), said("blue flower")]
    # Against 'red flower' the cosine is 1; against 'red petals' ln2·ln2 / (ln2 · √2 ln2).
    first = (1 + 1 / math.sqrt(2)) / 2
    assert cider(said("red flower", "white flower"), references, longest=1) == pytest.approx(10 * first / 2)


def test_cider_clips_and_minds_the_length():
    references = [said("red petals"), said("blue flower")]
    captions = said("red red red", "blue flower")
    # min(3, 1)·1 / (3 · √2), one word longer.
    first = math.exp(-1 / 72) / (3 * math.sqrt(2))
    assert cider(captions, references, longest=1) == pytest.approx(10 * (first * 3 / 3 + 1) / 2)


def test_colours_count_once_and_by_how_many_see_them():
    references = [
        said("a red flower", "red and yellow", "red petals", "a rose"),
        said("white petals", "it has petals"),
        said("nothing is said here"),
    ]
    captions = said("a red red flower with blue", "white and white", "a pink flower")
    precision, recall = colour_words(captions, references)
    assert precision == pytest.approx(2 / 4)  # red, not blue; white; not pink
    assert recall == pytest.approx((3 / 4 + 1) / 2)  # three of four mentions; all; the third names none


def test_whole_words_and_nothing_else_are_colours():
    precision, recall = colour_words(said("a reddish flower"), [said("a red flower")])
    assert (precision, recall) == (0, 0)


def test_all_figures_have_names():
    found = figures(said("a red flower with petals"), [said("a red flower with petals")])
    assert set(found) == {"bleu4", "cider", "colour_precision", "colour_recall"}
