"""Descriptions of faces, written from attributes by a small grammar: what is told, in which order and in which words is
drawn, and every statement is true of the attributes.

    python face_sentences.py --faces 3        # prints some
"""

import argparse
import random
from dataclasses import dataclass

import data
from face_facts import HAIR, Fact, facts

# Facts in each of a face's ten sentences, beside what noun or pronoun tell.
LENGTHS = (1, 1, 2, 2, 3, 3, 4, 4, 5, 6)
# What a portrait tells where it is there to be told, the first first.
SALIENT = ("age", "hair", "Eyeglasses", "Wearing_Hat", "beard", "mustache", "smile", "hairline", "skin", "face", "lips")
MOST = 6
NOUNS = {True: ("man",) * 6 + ("guy", "gentleman"), False: ("woman",) * 7 + ("lady",)}
NEUTRAL = ("person", "person", "face")
PHOTOGRAPHS = ("photo", "picture", "portrait", "photograph")
# Where an adjective stands before the noun: "a smiling young man", "a pretty young woman", "a pale bearded man".
ORDER = ("smile", "looks", "skin", "face", "age", "hair", "beard")


@dataclass(frozen=True)
class Said:
    """A description, and what it claims: attributes that are there, and attributes that are not."""

    text: str
    present: frozenset[str]
    absent: frozenset[str]


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def listed(parts: list[str]) -> str:
    """'x', 'x and y', 'x, y and z'"""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentences_of(attributes: list[str], seed: str, count: int = len(LENGTHS)) -> list[Said]:
    """`count` different descriptions of one face; the same for the same seed, on every machine."""
    rng = random.Random(f"face {seed}")
    has = frozenset(attributes)
    told: dict[str, Said] = {}
    for i in range(20 * count):
        said = describe(has, LENGTHS[len(told) % len(LENGTHS)] + i // (4 * count), rng)
        told.setdefault(said.text, said)
        if len(told) == count:
            break
    return list(told.values())


def portraits_of(attributes: list[str], seed: str, count: int = 4) -> list[Said]:
    """`count` descriptions that leave out nothing that strikes the eye: what a captioner is to say, to whom one short
    sentence would always be the safest. Two of them may be the same."""
    rng = random.Random(f"portrait {seed}")
    has = frozenset(attributes)
    said = []
    for _ in range(count):
        known = {
            fact.topic: fact for fact in facts(has, rng) if fact.present or fact.topic in ("age", "beard", "smile")
        }
        # Of hair the colour strikes the eye first, and one draw in two leaves it out where there is a shape to tell.
        for fact in (fact for _ in range(4) for fact in facts(has, rng) if fact.topic == "hair"):
            if "hair" not in known or len(HAIR.keys() & fact.present) > len(HAIR.keys() & known["hair"].present):
                known["hair"] = fact
        said.append(say([known[topic] for topic in SALIENT if topic in known][:MOST], "Male" in has, False, rng))
    return said


def describe(has: frozenset[str], length: int, rng: random.Random) -> Said:
    """One description with `length` facts, or as many as there are."""
    chosen = choose(facts(has, rng), length, rng)
    # Without a gender there is no pronoun either, so that all stands in one sentence.
    neutral = length <= 2 and rng.random() < 0.35
    return say(chosen, "Male" in has, neutral, rng)


def say(chosen: list[Fact], male: bool, neutral: bool, rng: random.Random) -> Said:
    """neutral: neither noun nor pronoun tells a man from a woman"""
    text = tell(chosen, None if neutral else male, rng)
    present = {name for fact in chosen for name in fact.present} | ({"Male"} if male and not neutral else set())
    absent = {name for fact in chosen for name in fact.absent} | (set() if male or neutral else {"Male"})
    return Said(text, frozenset(present), frozenset(absent))


def choose(every: list[Fact], length: int, rng: random.Random) -> list[Fact]:
    """Facts by their weight without return, one a topic, in a random order; no more than two adjectives."""
    chosen: list[Fact] = []
    left = list(every)
    while left and len(chosen) < length:
        fact = rng.choices(left, [f.weight for f in left])[0]
        chosen.append(fact)
        adjectives = sum(f.role == "adjective" for f in chosen) >= 2
        left = [f for f in left if f.topic != fact.topic and not (adjectives and f.role == "adjective")]
    return chosen


def tell(chosen: list[Fact], male: bool | None, rng: random.Random) -> str:
    """male: of the noun and the pronouns, None where neither tells"""
    adjectives = [f for f in chosen if f.role == "adjective"]
    picture = [f for f in chosen if f.role == "picture"]
    rest = [f for f in chosen if f.role not in ("adjective", "picture")]
    noun = rng.choice(NEUTRAL if male is None else NOUNS[male])
    if noun == "face" and (rest or not adjectives or any(f.topic in ("hair", "beard") for f in adjectives)):
        noun = "person"
    named = " ".join([*(f.words[0] for f in sorted(adjectives, key=lambda f: ORDER.index(f.topic))), noun])
    split = len(rest) if male is None or len(rest) < 3 else rng.randint(1, 3)
    first, later = rest[:split], rest[split:]
    way = rng.random()
    if picture or way < 0.15:
        kind = " ".join([*(f.words[0] for f in picture), rng.choice(PHOTOGRAPHS)])
        lead = rng.choice((f"{article(kind)} of", f"this is {article(kind)} of" if picture else f"{article(kind)} of"))
        sentences = [f"{lead} {article(named)}{tail(first, rng)}"]
    elif first and way < 0.4:
        sentences = [f"{rng.choice(('this', 'the'))} {named} {predicates(first, rng)}"]
    elif first and not adjectives and male is not None and way < 0.6:
        sentences = [f"{{he}} {predicates(first, rng)}"]
    else:
        sentences = [f"{article(named)}{tail(first, rng)}"]
    while later:
        n = rng.randint(1, 3)
        some, later = later[:n], later[n:]
        if len(some) == 1 and some[0].alone:
            sentences.append(some[0].alone)
        else:
            sentences.append(f"{{he}} {predicates(some, rng)}")
    return finish(sentences, male)


def of_role(told: list[Fact], role: str, form: int = 0) -> list[str]:
    return [f.words[min(form, len(f.words) - 1)] for f in told if f.role == role]


def tail(told: list[Fact], rng: random.Random) -> str:
    """What follows a noun: ' with wavy hair and a goatee, wearing glasses and smiling'"""
    parts = []
    if having := of_role(told, "has") + of_role(told, "with"):
        parts.append(f"with {listed(having)}")
    acts = []
    if wearing := of_role(told, "wears"):
        acts.append(f"wearing {listed(wearing)}")
    for fact in told:
        if fact.role == "bare" and (wearing or rng.random() < 0.7):
            parts.append(f"without {fact.words[1]}")
        elif fact.role == "bare":
            acts.append(f"wearing no {fact.words[0]}")
        elif fact.role == "does":
            acts.append(fact.words[-1].replace("looks", "looking"))
    body = ", ".join(parts)
    if acts:
        body = f"{body}, {listed(acts)}" if parts else listed(acts)
    return f" {body}" if body else ""


def predicates(told: list[Fact], rng: random.Random) -> str:
    """'has wavy hair and a goatee, wears glasses and is smiling'"""
    verbs = []
    if having := of_role(told, "has") + of_role(told, "with", 1):
        verbs.append(f"has {listed(having)}")
    wearing, bare = of_role(told, "wears"), [f for f in told if f.role == "bare"]
    if wearing:
        verbs.append(f"{rng.choice(('wears', 'wears', 'is wearing'))} {listed(wearing)}")
    for fact in bare:
        none = f"does not wear {fact.words[1]}"
        verbs.append(none if wearing else rng.choice((none, f"wears no {fact.words[0]}")))
    verbs += of_role(told, "does")
    if len(verbs) == 2 and " and " in verbs[0]:
        return ", and ".join(verbs)
    return listed(verbs)


def finish(sentences: list[str], male: bool | None) -> str:
    """Pronouns, capitals and full stops."""
    he, his = {True: ("he", "his"), False: ("she", "her"), None: ("they", "their")}[male]
    out = []
    for sentence in sentences:
        text = sentence.format(he=he, his=his)
        out.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, default=3)
    parser.add_argument("--split", choices=["train", "val"], default="val")
    args = parser.parse_args()
    for row in data.read_attributes(args.split)[: args.faces]:
        print(row["image"], ", ".join(row["attributes"]))
        for said in sentences_of(row["attributes"], row["image"]):
            print(f"  {said.text}")


if __name__ == "__main__":
    main()
