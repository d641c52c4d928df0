"""Descriptions of faces as people type them: the facts of the grammar in the words of face_thesaurus.py, as phrases,
clauses, or a list without a verb, with things beside them that no attribute tells."""

import random
from dataclasses import dataclass, field

from face_facts import HAIR, Fact, facts
from face_sentences import article, choose, listed, say
from face_thesaurus import (
    ANYONE,
    BESIDE,
    COLOURS,
    IN,
    KINDS,
    LENGTHS,
    NOUNS,
    OF_AGE,
    ROUND,
    TEXTURES,
    WAYS,
    Ways,
)


def _one(rng: random.Random, names: str) -> str:
    return rng.choice(names.split(", "))


def signs(fact: Fact) -> list[str]:
    return [f"+{name}" for name in fact.present] + [f"-{name}" for name in fact.absent]


def ways_of(fact: Fact, rng: random.Random) -> Ways | None:
    """None: the grammar's own words are all there are."""
    if fact.topic == "hair" and fact.present != ("Bald",):
        colours = [_one(rng, COLOURS[name]) for name in fact.present if name in HAIR]
        textures = [_one(rng, TEXTURES[name]) for name in fact.present if name in TEXTURES]
        length = [_one(rng, LENGTHS)] if rng.random() < 0.3 else []
        hair = " ".join([*length, *textures, " and ".join(colours), "hair"]).replace("  ", " ")
        single = f"{colours[0]}{rng.choice('- ')}haired" if len(colours) == 1 and not textures else ""
        return Ways(single, hair, does=((f"has {hair}", f"having {hair}"),))
    if fact.topic == "beard" and "No_Beard" in fact.present:
        return WAYS["+No_Beard"]
    known = [sign for sign in signs(fact) if sign in WAYS]
    if fact.topic == "beard" and "Goatee" in fact.present:
        known = ["+Goatee"]
    return WAYS[known[0]] if len(known) == 1 else None


@dataclass
class Parts:
    """What is said beside the noun: adjectives, what one has, is without and wears, and what one does (a verb phrase,
    and its participle)."""

    adjectives: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    wears: list[str] = field(default_factory=list)
    does: list[tuple[str, str]] = field(default_factory=list)

    def add(self, ways: Ways, rng: random.Random) -> None:
        kind = rng.choice([kind for kind in ("adjectives", "has", "without", "wears", "does") if getattr(ways, kind)])
        getattr(self, kind).append(rng.choice(ways.does) if kind == "does" else _one(rng, getattr(ways, kind)))


def casually(chosen: list[Fact], male: bool | None, rng: random.Random) -> str:
    """The same facts as `say` would tell, as somebody might type them; male: None where nothing tells a man from a
    woman"""
    nouns = ANYONE if male is None else NOUNS[male]
    parts = Parts()
    for fact in chosen:
        if fact.topic == "age" and rng.random() < 0.6:
            nouns = OF_AGE[male, signs(fact)[0]]
        elif ways := ways_of(fact, rng):
            parts.add(ways, rng)
        else:
            parts.has.append(fact.words[0])
    if rng.random() < 0.25:
        parts.has.append(_one(rng, BESIDE))
    noun = _one(rng, nouns)
    rng.shuffle(parts.adjectives)
    dressed = f" in {_one(rng, IN)}" if rng.random() < 0.08 else ""
    around = f" {_one(rng, ROUND)}" if rng.random() < 0.08 else ""
    way = rng.random()
    if way < 0.3:
        text = _keywords(noun, parts, rng)
    elif way < 0.5 and male is not None:
        text = _clauses(noun, parts, rng)
    else:
        text = _phrase(noun, parts, rng) + dressed + around
        if way > 0.9:
            text = f"{rng.choice(('a ', ''))}{_one(rng, KINDS)} of {text}"
    he, his = {True: ("he", "his"), False: ("she", "her"), None: ("they", "their")}[male]
    return text.format(he=he, his=his)


def _phrase(noun: str, parts: Parts, rng: random.Random) -> str:
    """As in: a happy girl with curly hair, without glasses, wearing a cap"""
    named = ", ".join(parts.adjectives) if rng.random() < 0.3 else " ".join(parts.adjectives)
    text = f"{named} {noun}".strip()
    text = rng.choice((article(text), article(text), f"the {text}", text))
    tail = [f"with {listed(parts.has)}"] if parts.has else []
    tail += [f"without {' or '.join(parts.without)}"] if parts.without else []
    tail += [f"{rng.choice(('wearing', 'wearing', 'in'))} {listed(parts.wears)}"] if parts.wears else []
    tail += [participle for _, participle in parts.does]
    rng.shuffle(tail)
    joint = rng.choice((", ", " ", " and "))
    return f"{text} {joint.join(tail)}".strip()


def _keywords(noun: str, parts: Parts, rng: random.Random) -> str:
    """As search boxes taught people: girl, curly hair, no glasses, cap"""
    bare = [part.removeprefix("a ").removeprefix("an ") for part in (*parts.has, *parts.wears)]
    none = [f"no {part.removeprefix('a ').removeprefix('any ')}" for part in parts.without]
    said = [*parts.adjectives, *bare, *none, *(participle for _, participle in parts.does)]
    rng.shuffle(said)
    return rng.choice((", ", ", ", " ")).join([noun, *said])


def _clauses(noun: str, parts: Parts, rng: random.Random) -> str:
    """As in: a girl who is happy and doesn't have a fringe"""
    verbs = [f"is {' and '.join(parts.adjectives)}"] if parts.adjectives else []
    verbs += [f"has {listed(parts.has)}"] if parts.has else []
    for part in parts.without:
        verbs.append(rng.choice((f"has no {part.removeprefix('a ')}", f"doesn't have {part}", f"is without {part}")))
    verbs += [f"{rng.choice(('wears', 'is wearing', 'has on'))} {listed(parts.wears)}"] if parts.wears else []
    verbs += [verb for verb, _ in parts.does]
    if not verbs:
        return article(noun)
    rng.shuffle(verbs)
    body = listed(verbs)
    return rng.choice((f"{article(noun)} who {body}", f"{{he}} is {article(noun)} and {body}", f"the {noun} {body}"))


def told_twice(has: frozenset[str], rng: random.Random) -> tuple[str, str]:
    """→ (a description as the grammar writes it, the same as somebody might type it), of one to four facts or none"""
    length = rng.choice((0, 1, 1, 1, 2, 2, 3, 4))
    chosen = choose(facts(has, rng), length, rng)
    male = "Male" in has
    neutral = length <= 2 and rng.random() < 0.35
    return say(chosen, male, neutral, rng).text, casually(chosen, None if neutral else male, rng)
