"""What can be said of a face, from CelebA's 40 attributes (Liu et al. 2015): each fact with its words, and with what it
claims. A fact is offered only where its claims hold, and where no other attribute makes it odd."""

import random
from collections.abc import Callable
from dataclasses import dataclass

HAIR = {"Black_Hair": "black", "Blond_Hair": "blond", "Brown_Hair": "brown", "Gray_Hair": "gray"}
FACIAL_HAIR = ("Goatee", "Mustache", "5_o_Clock_Shadow")


@dataclass(frozen=True)
class Fact:
    """topic: no two facts of one are told together; role: 'adjective' (before the noun), 'has', 'with' (as it stands
    after "with", and after "has"), 'wears', 'bare' (what is not worn, after "wears no" and after "without"), 'does' (a
    verb phrase, and its participle) or 'picture' (of the photograph); words: one or two forms, as the role wants them;
    present, absent: what it claims; weight: how gladly it is told; alone: the same as a sentence of its own."""

    topic: str
    role: str
    words: tuple[str, ...]
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    weight: float = 1.0
    alone: str = ""


Choose = Callable[..., str]


def facts(has: frozenset[str], rng: random.Random) -> list[Fact]:
    """Every fact of a face, each in words that `rng` picks."""

    def one(*ways: str) -> str:
        return rng.choice(ways)

    told = [*_age_and_looks(has, one), *_hair(has, one, rng), *_beard(has, one), *_expression(has, one, rng)]
    return [*told, *_features(has, one), *_worn(has, one, rng)]


def _age_and_looks(has: frozenset[str], one: Choose) -> list[Fact]:
    told = []
    if "Young" in has:
        told.append(Fact("age", "adjective", ("young",), ("Young",), weight=2))
    else:
        age = one("older", "old", "elderly") if has & {"Gray_Hair", "Bald"} else one("older", "middle-aged", "mature")
        told.append(Fact("age", "adjective", (age,), (), ("Young",), 2))
    if "Attractive" in has:
        pretty = one("attractive", "handsome", "good-looking")
        if "Male" not in has:
            pretty = one("attractive", "pretty", "beautiful", "good-looking")
        told.append(Fact("looks", "adjective", (pretty,), ("Attractive",), weight=0.6))
    if "Blurry" in has:
        told.append(Fact("picture", "picture", (one("blurry", "blurred"),), ("Blurry",)))
    return told


def _hair(has: frozenset[str], one: Choose, rng: random.Random) -> list[Fact]:
    if "Bald" in has:
        if rng.random() < 0.6:
            return [Fact("hair", "adjective", ("bald",), ("Bald",), weight=4)]
        return [Fact("hair", "has", ("a bald head",), ("Bald",), weight=4, alone="{he} is bald")]
    told = []
    found = [name for name in HAIR if name in has]
    textures = [name for name in ("Straight_Hair", "Wavy_Hair") if name in has]
    # With three colours, or straight and wavy at once, the labels contradict each other.
    said = found if len(found) <= 2 and rng.random() < 0.85 else []
    shape = textures if len(textures) == 1 and (rng.random() < 0.5 or not said) else []
    if said or shape:
        gray, blond = one("gray", "gray", "grey"), one("blond", "blonde") if "Male" not in has else "blond"
        colours = {**HAIR, "Gray_Hair": gray, "Blond_Hair": one(blond, blond, blond, "fair")}
        colours["Black_Hair"] = one("black", "black", "black", "dark")
        named = [colours[name] for name in said]
        form = ["straight" if name == "Straight_Hair" else "wavy" for name in shape]
        claims = (*said, *shape)
        if len(said) == 1 and not shape and rng.random() < 0.2:
            told.append(Fact("hair", "adjective", (f"{named[0]}-haired",), claims, weight=3))
        else:
            hair = " ".join([*form, *filter(None, [" and ".join(named)]), "hair"])
            parts = [*form, *named]
            alone = f"{{his}} hair is {' and '.join(parts)}" if len(parts) <= 2 else ""
            told.append(Fact("hair", "has", (hair,), claims, weight=3, alone=alone))
    if "Bangs" in has and "Receding_Hairline" not in has:
        told.append(Fact("hairline", "has", ("bangs",), ("Bangs",), weight=1.2))
    if "Receding_Hairline" in has and "Bangs" not in has:
        told.append(Fact("hairline", "has", ("a receding hairline",), ("Receding_Hairline",)))
    return told


def _beard(has: frozenset[str], one: Choose) -> list[Fact]:
    """Of men only: a woman without a beard is nothing to speak of, and one with a beard is a slip of a label."""
    if "Male" not in has:
        return []
    told = []
    found = [name for name in FACIAL_HAIR if name in has]
    if "No_Beard" not in has:
        if found == ["5_o_Clock_Shadow"]:
            stubble = one("stubble", "a stubbly chin", "a five o'clock shadow")
            if one("has", "has", "adjective") == "has":
                told.append(Fact("beard", "has", (stubble,), ("5_o_Clock_Shadow",), weight=2.5))
            else:
                told.append(Fact("beard", "adjective", ("unshaven",), ("5_o_Clock_Shadow",), weight=2.5))
        elif "Goatee" in has and one("goatee", "beard") == "goatee":
            told.append(Fact("beard", "has", ("a goatee",), ("Goatee",), ("No_Beard",), 2.5))
        elif one("has", "has", "adjective") == "has":
            told.append(Fact("beard", "has", ("a beard",), (), ("No_Beard",), 2.5))
        else:
            told.append(Fact("beard", "adjective", ("bearded",), (), ("No_Beard",), 2.5))
    elif not found and "Sideburns" not in has:
        claims = {"present": ("No_Beard",), "absent": FACIAL_HAIR, "weight": 0.9}
        if one("adjective", "has") == "adjective":
            told.append(Fact("beard", "adjective", ("clean-shaven",), **claims))
        else:
            none = one("no beard", "no facial hair")
            told.append(Fact("beard", "has", (none,), **claims, alone="{he} is clean-shaven"))
    if "Mustache" in has:
        told.append(Fact("mustache", "has", (one("a mustache", "a moustache"),), ("Mustache",), weight=2.5))
    if "Sideburns" in has:
        told.append(Fact("sideburns", "has", ("sideburns",), ("Sideburns",)))
    return told


def _expression(has: frozenset[str], one: Choose, rng: random.Random) -> list[Fact]:
    told = []
    if "Smiling" in has:
        ways = (
            ("does", ("is smiling", "smiling")),
            ("does", ("smiles", "smiling")),
            ("does", ("is grinning", "grinning")),
            ("adjective", ("smiling",)),
            ("has", ("a smile on {his} face",)),
            ("has", (one("a smile", "a big smile", "a friendly smile"),)),
            ("does", (one("looks happy", "looks friendly", "looks cheerful"),)),
        )
        role, words = rng.choice(ways)
        told.append(Fact("smile", role, words, ("Smiling",), weight=2.5))
    else:
        ways = (("is not smiling", "not smiling"), ("does not smile", "not smiling"), ("looks serious",))
        told.append(Fact("smile", "does", rng.choice(ways), (), ("Smiling",), 0.9))
    if "Mouth_Slightly_Open" in has:
        words, alone = ("{his} mouth slightly open", "a slightly open mouth"), "{his} mouth is slightly open"
        told.append(Fact("mouth", "with", words, ("Mouth_Slightly_Open",), weight=0.8, alone=alone))
    else:
        words, alone = ("{his} mouth closed", "a closed mouth"), "{his} mouth is closed"
        told.append(Fact("mouth", "with", words, (), ("Mouth_Slightly_Open",), 0.5, alone))
    return told


def _features(has: frozenset[str], one: Choose) -> list[Fact]:
    told = []

    def add(topic: str, claims: tuple[str, ...], words: str, weight: float = 1.0, role: str = "has") -> None:
        told.append(Fact(topic, role, (words,), claims, weight=weight))

    if {"Big_Nose", "Pointy_Nose"} <= has:
        add("nose", ("Big_Nose", "Pointy_Nose"), "a big, pointed nose")
    elif "Big_Nose" in has:
        add("nose", ("Big_Nose",), one("a big nose", "a large nose"))
    elif "Pointy_Nose" in has:
        add("nose", ("Pointy_Nose",), one("a pointed nose", "a pointy nose"))
    if {"Bushy_Eyebrows", "Arched_Eyebrows"} <= has:
        add("eyebrows", ("Bushy_Eyebrows", "Arched_Eyebrows"), "bushy, arched eyebrows")
    elif "Bushy_Eyebrows" in has:
        add("eyebrows", ("Bushy_Eyebrows",), one("bushy eyebrows", "thick eyebrows"))
    elif "Arched_Eyebrows" in has:
        add("eyebrows", ("Arched_Eyebrows",), "arched eyebrows", 0.7)
    if "Big_Lips" in has:
        add("lips", ("Big_Lips",), one("full lips", "big lips"))
    if "Narrow_Eyes" in has:
        add("eyes", ("Narrow_Eyes",), "narrow eyes")
    if "Bags_Under_Eyes" in has:
        add("bags", ("Bags_Under_Eyes",), "bags under {his} eyes")
    if "High_Cheekbones" in has:
        add("cheekbones", ("High_Cheekbones",), "high cheekbones", 0.6)
    if "Rosy_Cheeks" in has:
        add("cheeks", ("Rosy_Cheeks",), one("rosy cheeks", "red cheeks"))
    if "Double_Chin" in has:
        add("chin", ("Double_Chin",), "a double chin")
    if "Chubby" in has:
        role = one("adjective", "has")
        add(
            "face",
            ("Chubby",),
            one("chubby", "plump") if role == "adjective" else one("a chubby face", "a round face"),
            1.5,
            role,
        )
    elif "Oval_Face" in has:
        add("face", ("Oval_Face",), "an oval face", 0.6)
    if "Pale_Skin" in has:
        role = one("adjective", "has")
        add("skin", ("Pale_Skin",), "pale" if role == "adjective" else "pale skin", 1.5, role)
    return told


def _worn(has: frozenset[str], one: Choose, rng: random.Random) -> list[Fact]:
    told = []

    def add(name: str, words: str, weight: float, bare: tuple[str, str] | None = None, seldom: float = 0.0) -> None:
        """bare: what follows "wears no", and what follows "without"; seldom: the weight of its absence"""
        if name in has:
            told.append(Fact(name, "wears", (words,), (name,), weight=weight))
        elif bare and rng.random() < 0.5:
            told.append(Fact("bare", "bare", bare, (), (name,), seldom))

    glasses = one("glasses", "glasses", "glasses", "eyeglasses", "spectacles")
    add("Eyeglasses", glasses, 4, (glasses, glasses), 0.7)
    add("Wearing_Hat", "a hat", 4, ("hat", "a hat"), 0.4)
    tie = one("tie", "necktie")
    add("Wearing_Necktie", f"a {tie}", 1.2, (tie, f"a {tie}") if "Male" in has else None, 0.2)
    feminine = "Male" not in has
    add("Wearing_Earrings", "earrings", 1.2, ("earrings", "earrings") if feminine else None, 0.3)
    add("Wearing_Necklace", "a necklace", 1.0, ("necklace", "a necklace") if feminine else None, 0.2)
    add("Wearing_Lipstick", "lipstick", 1.0, ("lipstick", "lipstick") if feminine else None, 0.5)
    makeup = ("heavy makeup", "heavy makeup")
    add("Heavy_Makeup", one("heavy makeup", "a lot of makeup"), 1.0, makeup if feminine else None, 0.4)
    return told
