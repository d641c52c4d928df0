"""A toy decoder, whose state is the last word and whose table says what follows it."""

import math

import pytest
import torch

from beam_search import beam_search, forbidden
from models.stream import BEGIN, END, UNKNOWN

A, B, C = 3, 4, 5


def decoder(table: dict[int, dict[int, float]]):
    """table: word → {next word: p}; what is not named is as good as impossible"""

    def step(state: torch.Tensor, token: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        assert state.shape == (len(token), 1)
        logits = torch.full((len(token), 6), -1e9)
        for row, word in enumerate(token.tolist()):
            for following, p in table.get(word, {END: 1.0}).items():
                logits[row, following] = math.log(p)
        return state + 1, logits

    return step


def search(table, **more):
    return beam_search(decoder(table), torch.zeros(1), **more)


def test_a_wider_beam_finds_what_the_greedy_one_misses():
    table = {BEGIN: {A: 0.6, B: 0.4}, A: {END: 0.5, C: 0.5}, B: {END: 1.0}, C: {END: 1.0}}
    assert search(table, beams=1)[0][0] == (A, END)
    assert search(table, beams=1)[0][1] == pytest.approx(math.log(0.3) / 2**0.7)
    tokens, score = search(table, beams=2)[0]
    assert tokens == (B, END) and score == pytest.approx(math.log(0.4) / 2**0.7)


def test_longer_captions_are_not_punished_for_their_length_alone():
    table = {BEGIN: {A: 1.0}, A: {END: 0.5, B: 0.5}, B: {C: 1.0}, C: {END: 0.999, B: 0.001}}
    best = search(table)
    assert best[0][0] == (A, B, C, END) and best[0][1] == pytest.approx(math.log(0.5 * 0.999) / 4**0.7)
    assert best[1][0] == (A, END) and best[1][1] == pytest.approx(math.log(0.5) / 2**0.7)
    assert search(table, alpha=0)[0][0] == (A, END)


def test_no_three_words_are_said_twice():
    table = {BEGIN: {A: 1.0}, A: {B: 1.0}, B: {C: 1.0}, C: {A: 0.9, END: 0.1}}
    # a b c a b would have to go on with c.
    assert search(table)[0][0] == (A, B, C, END)
    assert forbidden((A, B, C, A, B)) == [BEGIN, UNKNOWN, C]
    assert forbidden((A, A)) == [BEGIN, UNKNOWN]
    assert forbidden((A, A, A)) == [BEGIN, UNKNOWN, A]


def test_what_is_no_word_is_never_said_and_keeps_its_share():
    table = {BEGIN: {BEGIN: 0.4, UNKNOWN: 0.4, A: 0.2}, A: {END: 1.0}}
    tokens, score = search(table)[0]
    assert tokens == (A, END) and score == pytest.approx(math.log(0.2) / 2**0.7)


def test_of_two_equals_the_lower_word_comes_first():
    table = {BEGIN: {C: 0.25, A: 0.25, B: 0.5}, A: {END: 1.0}, B: {END: 0.5, C: 0.5}, C: {END: 1.0}}
    # B ends, A ends and C ends with one score: B was better before, and there is no room for C.
    assert [tokens for tokens, _ in search(table)] == [(B, C, END), (B, END), (A, END)]


def test_it_stops_at_the_longest():
    table = {BEGIN: {A: 1.0}, A: {B: 0.5, C: 0.5}, B: {B: 0.5, A: 0.5}, C: {A: 1.0}}
    assert {len(tokens) for tokens, _ in search(table, longest=5)} == {5}
