"""Captions of flowers as people type them, each beside the same as those who described the photographs would have
written it. They nearly all began "this flower has …"; whoever types one says "a blue tulip, black inside", and the text
encoder hears in it other flowers than blue ones with a black center."""

import random
import re
from dataclasses import dataclass

from colour_words import THINGS, in_other_words
from text import words

# Of petals, and of what else is named of a flower; the oftener the likelier.
PETALS = "red, red, orange, orange, yellow, yellow, pink, pink, purple, purple, blue, blue, white, white, dark red, "
PETALS += "light pink, light purple, lavender, light blue, magenta, peach, cream, violet, dark purple, bright yellow"
OTHERS = "yellow, yellow, white, white, green, brown, black, red, orange, pink, purple, blue, dark red, dark purple"
# How captions say it → how else it is said.
SHAPES = {
    "large": "large, big, huge, wide",
    "small": "small, tiny, little",
    "long": "long, elongated",
    "thin": "thin, narrow, slender, skinny",
    "round": "round, rounded, roundish",
    "pointed": "pointed, pointy, sharp, star-like",
    "ruffled": "ruffled, frilly, wavy, crinkled, crumpled, curly",
    "spiky": "spiky, needle-like, bristly",
    "many": "many, lots of, countless, layers of",
}
CENTRES = "center, center, centre, middle, heart, eye, core, throat, inside, button"
# Of a part: how captions say it, and how else. {b} is its colour.
PARTS = {
    "center": (
        "with a {b} center",
        "with a {b} {centre}; around a {b} {centre}; surrounding a {b} {centre}; and a {b} {centre}; "
        ", {b} in the middle; that are {b} inside; , {b} in the center; , its {centre} {b}; , {b} {centre}; "
        "with {b} at the heart",
    ),
    "tips": (
        "with {b} tips",
        "with {b} tips; tipped with {b}; tipped in {b}; fading to {b} at the tips; turning {b} at the ends; "
        "with {b} ends; , {b} at the tips; which blush {b} at their ends; going {b} towards the tips; , {b} tips; "
        "melting into {b}; that go over into {b} at the end",
    ),
    "edges": (
        "with {b} edges",
        "with {b} edges; edged in {b}; edged with {b}; rimmed with {b}; with a {b} rim; with a {b} border; "
        "with {b} margins; , {b} around the edges; outlined in {b}; , {b} rim; framed in {b}; trimmed with {b}; "
        "with a {b} fringe",
    ),
    "spots": (
        "with {b} spots",
        "with {b} spots; with {b} dots; with {b} freckles; with {b} speckles; dotted with {b}; spotted with {b}; "
        "speckled with {b}; sprinkled with {b} dots; freckled {b}; covered in {b} spots; , {b} spots; "
        "splashed with {b}",
    ),
    "stripes": (
        "with {b} stripes",
        "with {b} stripes; with {b} streaks; with {b} lines; with {b} veins; striped with {b}; streaked with {b}; "
        "veined in {b}; lined with {b}; , {b} stripes; with a {b} stripe down each petal",
    ),
    "stamen": (
        "with long {b} stamen",
        "with {b} stamens; with long {b} stamen; with long {b} filaments; with {b} whiskers; with {b} hairs; "
        ", long {b} stamens; with {b} pollen; with a {b} pistil",
    ),
}
BEFORE = {"tips": "{b}-tipped", "edges": "{b}-edged", "spots": "{b}-spotted", "stripes": "{b}-striped"}
# What says nothing of colours, and of what a model of these pictures cannot know.
NOUNS = "flower, flower, flower, flower, blossom, bloom, rose, tulip, lily, daisy, poppy, orchid, carnation, pansy, "
NOUNS += "iris, dahlia, peony, petunia, hibiscus, bell, star, cup, trumpet, pompom, bellflower, wildflower, "
NOUNS += "lily-like flower, daisy-like flower, star-shaped flower, bell-shaped flower"
SEVERAL = "flowers, flowers, flowers, blossoms, blooms, roses, tulips, wildflowers, bells"
KINDS = "beautiful, pretty, lovely, single, delicate, fresh, wild, elegant, soft, bright, vivid, fluffy, velvety, "
KINDS += "shiny, five-petaled, glowing, gentle, cheerful, lonely, simple, fancy, tropical, papery, silky"
AROUND = "in the grass; in a garden; on its stem; before a hedge; among leaves; in the sun; after the rain; in spring; "
AROUND += "at dusk; in the morning; in the wind; on a meadow; in the shade; with dew; in bloom; for my mother; "
AROUND += "seen from above; close up; in full bloom; by the river; under the sky; like silk"


@dataclass(frozen=True)
class Flower:
    """colour: of the petals; other: of `part`, a key of PARTS, if there is one; shape: a key of SHAPES or ''"""

    colour: str
    shape: str = ""
    part: str = ""
    other: str = ""

    def written(self) -> str:
        """As the photographs' captions say it."""
        said = " ".join(filter(None, ("this flower has", self.shape, self.colour, "petals")))
        return f"{said} {PARTS[self.part][0].format(b=self.other)}" if self.part else said

    def typed(self, rng: random.Random) -> str:
        """As somebody might type it."""
        thing = rng.random() < 0.1 and self.colour in THINGS
        text = self._typed(_like(self.colour, rng) if thing else "", rng)
        if not thing and rng.random() < 0.5:
            text = in_other_words(text, rng)
        text = re.sub(r"\b(a|A) (?=[aeiou])", r"\1n ", text)
        return text[0].upper() + text[1:] if rng.random() < 0.2 else text

    def _typed(self, like: str, rng: random.Random) -> str:
        """like: a comparison that stands for the colour, or ''"""
        shape = _one(rng, SHAPES[self.shape]) if self.shape else ""
        kind = _one(rng, KINDS) if rng.random() < 0.3 else ""
        several = self.shape == "many" or rng.random() < 0.15
        noun, colour, tail = _one(rng, SEVERAL if several else NOUNS), self.colour, ""
        article = "" if several else rng.choice(("a", "a", "the", ""))
        if self.part:
            if self.part in BEFORE and rng.random() < 0.2:
                kind = BEFORE[self.part].format(b=self.other)
            else:
                ways = PARTS[self.part][1]
                tail = _one(rng, ways, "; ").format(b=self.other, centre=_one(rng, CENTRES))
        way = rng.random()
        if like:
            head = _joined(article, kind, shape, noun, like)
        elif way < 0.5:
            head = _joined(article, *rng.sample((kind, shape), 2), colour, noun)
        elif way < 0.65:
            head = _joined(kind, shape, colour, "petals")
        elif way < 0.8:
            head = _joined(article, kind, noun, "with", shape, colour, "petals")
            tail = tail.replace("with ", "and ", 1) if tail.startswith("with ") else tail
        elif way < 0.9:
            verb = "that are" if several else "that is"
            head = _joined(article, kind, shape, noun, rng.choice((verb, "in", ",")), colour)
        else:
            head = _joined(kind, shape, noun, rng.choice((",", "")), colour)
        around = _one(rng, AROUND, "; ") if rng.random() < 0.3 else ""
        return _joined(head, *((around, tail) if rng.random() < 0.3 else (tail, around)))


def _like(colour: str, rng: random.Random) -> str:
    thing = _one(rng, THINGS[colour])
    return rng.choice((f"as {colour} as {thing}", f"{colour} like {thing}", f"the colour of {thing}"))


def _one(rng: random.Random, names: str, between: str = ", ") -> str:
    return rng.choice(names.split(between))


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts)).replace(" ,", ",")


def draw(rng: random.Random) -> Flower:
    """Of any colours: also of such as no photograph has."""
    colour = _one(rng, PETALS)
    shape = rng.choice(("", "", *SHAPES))
    if rng.random() < 0.4:
        return Flower(colour, shape)
    base = colour.split()[-1]
    other = rng.choice([name for name in OTHERS.split(", ") if name.split()[-1] != base])
    return Flower(colour, shape, rng.choice(("center", *PARTS)), other)


def told_twice(count: int, rng: random.Random) -> tuple[list[str], list[str]]:
    """→ (captions as they are written, the same as somebody might type them)"""
    flowers = [draw(rng) for _ in range(count)]
    return [flower.written() for flower in flowers], [flower.typed(rng) for flower in flowers]


def taught() -> list[str]:
    """Words of which shapes and parts are said, those between them included. A tulip stays any flower."""
    ways = [*SHAPES.values(), *(way for _, way in PARTS.values()), CENTRES]
    return sorted({word for said in ways for word in words(said.format(b="", centre=""))})
