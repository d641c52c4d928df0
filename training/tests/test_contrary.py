"""Captions and descriptions that are nearly true: what changes, and that it is untrue."""

import random
from pathlib import Path

import torch
from test_face_sentences import FACES, claims, read

from contrary import contraries, contrary, far
from face_contrary import contraries_of, otherwise
from feed import Feed


def every(caption: str) -> set[str | None]:
    return {contrary(caption, random.Random(seed)) for seed in range(200)}


def test_colours_of_two_things_change_places():
    assert "a red flower with a yellow center" in every("A yellow flower with a red center")
    assert "petals that are purple with white lines" in every("petals that are white with purple lines")


def test_colours_of_one_thing_do_not():
    assert "this flower is white and pink in color" not in every("this flower is pink and white in color")
    assert all("white" in other or "pink" in other for other in every("this flower is pink and white in color"))


def test_one_colour_gives_way_everywhere():
    found = every("the petals are red, and red is its center")
    assert found == {f"the petals are {c}, and {c} is its center" for c in ("yellow", "purple", "blue", "white")}


def test_no_colour_gives_way_to_its_neighbour_or_to_one_that_is_named():
    assert not any("violet" in other or "pink" in other for other in every("a purple flower"))
    assert far("red", "yellow") and not far("pink", "magenta") and not far("violet", "blue")
    assert far("white", "pink", named_both=True) and not far("white", "pink")
    assert all(other.count("purple") <= 1 for other in every("a purple flower, its spots yellow"))


def test_no_colour_no_contrary():
    assert every("a large flower with ruffled petals") == {None}
    assert contraries([["a large flower"], ["a red one", "x"]])[1][1] == "", "and it is known by being empty"
    assert contraries([["a red flower"] * 20]) == contraries([["a red flower"] * 20])


def test_a_description_is_untrue_in_one_thing():
    for i, face in enumerate(FACES[:200]):
        for said in contraries_of(face, str(i)):
            wrong = {(name, there) for name, there in read(said.text) if (name in face) != there}
            assert wrong, (said.text, sorted(face))
            # Clean-shaven speaks of beards of every kind, and who is told to be a man may be told to have none.
            assert len({name for name, _ in wrong} - {"Goatee", "Mustache", "5_o_Clock_Shadow", "No_Beard"}) <= 2, (
                said.text,
                sorted(face),
            )
            assert any((name in face) != there for name, there in claims(said))


def test_of_the_real_faces_most_contraries_differ_in_one_word():
    face = ["Male", "Young", "Brown_Hair", "Goatee", "Smiling"]
    told = [said for seed in range(60) for said in contraries_of(face, str(seed))]
    wrong = [[name for name, there in read(said.text) if (name in face) != there] for said in told]
    assert sum(len(names) == 1 for names in wrong) > 0.85 * len(wrong)
    assert {"No_Beard", "Male", "Young", "Smiling", "Eyeglasses"} <= {name for names in wrong for name in names}
    assert contraries_of(face, "a") == contraries_of(list(reversed(face)), "a") != contraries_of(face, "b")


def test_what_no_words_can_tell_is_no_change():
    draw = random.Random(1)
    assert otherwise(frozenset(), "beard", draw) is None, "of a woman"
    assert otherwise(frozenset({"Male", "Bald"}), "hair", draw) is None
    assert otherwise(frozenset({"Male", "No_Beard", "Smiling"}), "beard", draw) == {"Male", "Smiling"}


def test_the_feed_shows_as_many_as_it_is_asked_for(tiny: Path):
    def mismatching(share: float) -> tuple[Feed, torch.Tensor]:
        feed = Feed(tiny / "encoder.safetensors", 64, torch.device("cpu"), torch.Generator().manual_seed(1), share)
        return feed, feed.real(400)[2]

    plain, none = mismatching(0.0)
    own = {tuple(row.tolist()) for row in plain.sentences}
    assert all(tuple(row.tolist()) in own for row in none)
    feed, every_one = mismatching(1.0)
    untrue = {tuple(row.tolist()) for row in feed.untrue[feed.has_untrue]}
    assert all(tuple(row.tolist()) in untrue for row in every_one)
    # A contrary caption may by chance be what the mismatch was anyway.
    assert 100 < int((mismatching(0.5)[1] != none).any(1).sum()) < 280
