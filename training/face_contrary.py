"""Descriptions that are nearly a face's own and untrue of it: one thing is told otherwise, the rest is true. What
contrary.py is to flowers: a critic that has only seen descriptions of others, which differ in six ways, need not hear
"no" in "a man with no beard"."""

import random

from face_facts import FACIAL_HAIR, HAIR
from face_sentences import LENGTHS, Said, describe

# What can be told otherwise, and how often: what words are asked about most.
CHANGES = {
    "beard": 3.0,
    "hair": 3.0,
    "Smiling": 2.0,
    "Eyeglasses": 2.0,
    "Male": 2.0,
    "Young": 2.0,
    "Bald": 1.0,
    "Wearing_Hat": 1.5,
    "Wearing_Lipstick": 1.0,
    "Bangs": 1.0,
    "Mustache": 1.0,
    "Mouth_Slightly_Open": 0.7,
    "Receding_Hairline": 0.5,
    "Wavy_Hair": 0.7,
    "Bushy_Eyebrows": 0.3,
    "Big_Nose": 0.3,
}


def otherwise(has: frozenset[str], change: str, rng: random.Random) -> frozenset[str] | None:
    """The attributes of a face that differs in `change` alone, and in what cannot be without it; None where that is no
    change that words can tell."""
    if change == "beard":
        if "Male" not in has:
            return None
        shaven = has - set(FACIAL_HAIR) - {"Sideburns"}
        return shaven | {"No_Beard"} if "No_Beard" not in has else has - {"No_Beard"}
    if change == "hair":
        shown = [name for name in HAIR if name in has]
        if "Bald" in has or len(shown) != 1:
            return None
        return has - {shown[0]} | {rng.choice([name for name in HAIR if name not in shown])}
    if change == "Bald":
        if "Bald" in has:
            return has - {"Bald"} | {rng.choice(list(HAIR))}
        return has - {*HAIR, "Straight_Hair", "Wavy_Hair", "Bangs"} | {"Bald"} if "Male" in has else None
    if change == "Male":
        worn = {"Wearing_Lipstick", "Heavy_Makeup"}
        if "Male" in has:
            return has - {"Male", "Bald", "Mustache", "Goatee", "5_o_Clock_Shadow", "Sideburns"} | {"No_Beard"}
        return has - worn | {"Male", "No_Beard"}
    if change == "Wavy_Hair":
        textures = {"Wavy_Hair", "Straight_Hair"}
        shown = has & textures
        return has - shown | textures - shown if len(shown) == 1 else None
    if change == "Mustache" and "Male" not in has:
        return None
    return has ^ {change}


def untrue(has: frozenset[str], said: Said) -> bool:
    return bool((said.present - has) | (said.absent & has))


def contraries_of(attributes: list[str], seed: str, count: int = len(LENGTHS)) -> list[Said]:
    """`count` descriptions, each untrue of a face with these attributes in one thing; the same for the same seed."""
    rng = random.Random(f"contrary {seed}")
    has = frozenset(attributes)
    told: list[Said] = []
    while len(told) < count:
        other = otherwise(has, rng.choices(list(CHANGES), list(CHANGES.values()))[0], rng)
        if other is None:
            continue
        # The change must be told, and what is told by chance may leave it out.
        for _ in range(30):
            said = describe(other, LENGTHS[len(told) % len(LENGTHS)], rng)
            if untrue(has, said):
                told.append(said)
                break
    return told
