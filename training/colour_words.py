"""Captions in other words for their colours. Those who wrote the captions named some twenty colours; whoever types one
has hundreds, and what the text encoder never read it can only guess at from its letters."""

import random
import re

from text import words

# A colour as the captions name it → other names for it, nearly all in fewer than a hundred of the 73,920 training
# captions.
# Common names of paints, stones, fruit and flowers; what many would call another colour was left out.
NAMES = {
    "red": "crimson, scarlet, ruby, ruby red, cherry red, blood red, vermilion, carmine, tomato red, cardinal red, "
    "fire-engine red, strawberry red",
    "dark red": "wine red, garnet, oxblood, wine-coloured, claret",
    "yellow": "lemon, lemon yellow, canary yellow, butter yellow, buttery, mustard, sunny yellow, sunshine yellow, "
    "buttercup yellow, butter-coloured, yellowy",
    "orange": "tangerine, apricot, pumpkin, amber, marmalade, flame-coloured, burnt orange, copper, rust-coloured",
    "pink": "rosy, salmon, bubblegum pink, hot pink, candy pink, shell pink, blush, rose pink, pinkish",
    "light pink": "blush pink, pastel pink, baby pink, shell pink",
    "purple": "amethyst, plum, mauve, grape, aubergine, royal purple, plum-coloured",
    "light purple": "lilac, mauve, orchid, wisteria, pale violet, heather",
    "lavender": "lilac, periwinkle, wisteria",
    "blue": "azure, cobalt, sapphire, cerulean, sky blue, cornflower blue, navy, indigo, royal blue, bluish",
    "light blue": "sky blue, baby blue, powder blue, pale azure",
    "white": "snow white, snowy, milk white, milky, ivory, chalk white, pearl white, alabaster, porcelain white",
    "brown": "chestnut, chocolate, chocolate brown, russet, cinnamon, tawny, coffee brown, nut brown",
    "green": "emerald, lime green, jade, mossy green, olive green, grass green, leaf green",
    "black": "jet black, ebony, coal black, inky, pitch black",
    "magenta": "hot pink, bright fuchsia, raspberry",
    "peach": "apricot, peach-coloured, salmon",
    "colored": "coloured",
    "center": "middle, heart, eye, centre",
}
# "petals the colour of a ripe lemon"
THINGS = {
    "red": "a ripe tomato, blood, a cherry, a ruby, a fire engine, strawberries",
    "yellow": "a ripe lemon, a lemon, butter, the sun, a canary, honey, egg yolk",
    "orange": "a ripe orange, a pumpkin, a tangerine, flames, marmalade",
    "pink": "bubblegum, cotton candy, a flamingo",
    "purple": "a ripe plum, grapes, an amethyst, an aubergine",
    "blue": "the sky, the sea, a sapphire",
    "white": "snow, milk, fresh snow, paper, chalk",
    "brown": "chocolate, a chestnut, coffee",
    "green": "grass, an emerald, moss",
    "black": "coal, ink, the night",
}
PARTS = r"(petals|flower|petal|blossoms|flowers|center|stamen|pistil)"
_NAMES = {word: names.split(", ") for word, names in NAMES.items()}
_THINGS = {word: things.split(", ") for word, things in THINGS.items()}
# The longest first, so that "dark red" is not read as "red".
_COLOUR = re.compile(rf"\b({'|'.join(sorted(NAMES, key=len, reverse=True))})\b")
# Not of a dark or light shade: a lemon has one colour.
_LIKE = re.compile(rf"(?<!dark )(?<!light )(?<!pale )(?<!deep )\b({'|'.join(THINGS)}) {PARTS}\b")


def taught() -> list[str]:
    """Every word that a caption may have got."""
    said = [*NAMES.values(), *THINGS.values()]
    return sorted({word for names in said for word in words(names)})


def in_other_words(caption: str, rng: random.Random) -> str:
    """The same caption with one or more of its colours called by another name; as it is where it names none."""
    text = caption.lower()
    if rng.random() < 0.2 and _LIKE.search(text):
        found = rng.choice(list(_LIKE.finditer(text)))
        colour, part = found[1], found[2]
        word = rng.choice(("colour", "colour", "color"))
        said = f"{part} the {word} of {rng.choice(_THINGS[colour])}"
        return text[: found.start()] + said + text[found.end() :]
    keep = 0.3 if len(_COLOUR.findall(text)) > 1 else 0.0

    def other(found: re.Match) -> str:
        return found[0] if rng.random() < keep else rng.choice(_NAMES[found[0]])

    return _COLOUR.sub(other, text)
