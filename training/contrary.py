"""Captions that are nearly a picture's own and untrue of it: its colours change places, or one gives way to another.

GAN-CLS shows the critic photographs with captions of others (Reed et al. 2016, algorithm 1), which mostly differ in
every way, so that a critic which hears only the loudest colour is seldom wrong. One that is to tell "yellow with a red
center" from "red with a yellow center" has to be shown that (hard negatives, as in VSE++, Faghri et al. 2018)."""

import random
import re

# Families of colours, and which of them people take for one another.
FAMILIES = {
    "red": ("red", "crimson", "scarlet", "maroon", "burgundy"),
    "yellow": ("yellow", "golden", "gold"),
    "orange": ("orange", "peach"),
    "pink": ("pink", "magenta", "fuchsia"),
    "purple": ("purple", "violet", "lavender", "lilac"),
    "blue": ("blue",),
    "white": ("white", "cream"),
}
NEAR = {
    "red": ("orange", "pink"),
    "yellow": ("orange", "white"),
    "orange": ("red", "yellow", "pink"),
    "pink": ("red", "purple", "orange", "white"),
    "purple": ("blue", "pink"),
    "blue": ("purple",),
    "white": ("yellow", "pink"),
}
# A pale pink may be called white, but where both are named they are told apart.
PALE = "white"
_FAMILY = {name: family for family, names in FAMILIES.items() for name in names}
_COLOUR = re.compile(rf"\b({'|'.join(_FAMILY)})\b")
# What stands between two colours of different things; "pink and white" swapped is the same.
_BETWEEN = re.compile(
    r"\b(with|has|have|having|surround(?:s|ed|ing)?|flowers?|petals?|pedals?|blossoms?|cent(?:er|re)|middle|stamens?|pistils?|stigmas?|anthers?|filaments?|sepals?|"
    r"edges?|patch(?:es)?|tips?|spots?|dots?|lines?|veins?|stripes?|pollen|tube|base|rims?|inside|outside)\b"
)


def contrary(caption: str, rng: random.Random) -> str | None:
    """→ the caption with two colours of different things in each other's places, or with one colour (everywhere that
    it stands) given up for one that is not near it; None where it names no colour"""
    text = caption.lower()
    found = list(_COLOUR.finditer(text))
    if not found:
        return None
    swaps = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if far(a[0], b[0], named_both=True) and _BETWEEN.search(text[a.end() : b.start()])
    ]
    # All of both, since in "white petals, a red center; the petals are white" one that stays says the old thing again.
    if swaps and rng.random() < 0.6:
        a, b = rng.choice(swaps)
        places = {a[0]: b[0], b[0]: a[0]}
    else:
        old = rng.choice(found)[0]
        named = {_FAMILY[f[0]] for f in found}
        others = [f for f in FAMILIES if far(f, old) and f not in named]
        if not others:
            return None
        places = {old: rng.choice(others)}
    return _COLOUR.sub(lambda f: places.get(f[0], f[0]), text)


def far(a: str, b: str, named_both: bool = False) -> bool:
    """Would nobody take the one colour for the other?"""
    one, other = _FAMILY[a], _FAMILY[b]
    return one != other and (other not in NEAR[one] or (named_both and PALE in (one, other)))


def contraries(captions: list[list[str]], seed: int = 5) -> list[list[str]]:
    """For every caption of every picture one that is contrary to it; an empty one where there is none to make."""
    rng = random.Random(seed)
    return [[contrary(caption, rng) or "" for caption in of_one] for of_one in captions]
