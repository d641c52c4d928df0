"""Figures of captions, as pure functions of words. A caption is a list of words (text.py); references are all captions
that people wrote of the same picture. Nothing is stemmed: 'petal' and 'petals' are two words."""

import math
from collections import Counter
from itertools import chain

Words = list[str]
Grams = Counter[tuple[str, ...]]

# Words that are colours and little else; 'rose', 'plum' or 'rust' are other things too.
_NAMED = (
    "red orange yellow green blue purple violet pink white black brown lavender magenta maroon peach cream tan gold "
    "golden lilac mauve beige gray grey burgundy crimson scarlet fuchsia indigo teal turquoise coral"
)
COLOURS = frozenset(_NAMED.split())


NAMES = {
    "bleu4": "BLEU-4",
    "cider": "CIDEr-D",
    "colour_precision": "colours right",
    "colour_recall": "colours named",
}


def grams(words: Words, n: int) -> Grams:
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def bleu(captions: list[Words], references: list[list[Words]], longest: int = 4) -> float:
    """Corpus BLEU (Papineni et al. 2002): geometric mean of the clipped precisions of 1 … `longest` words, all captions
    counted together, times the brevity penalty. The length that counts is the closest reference's, of two the
    shorter."""
    right, said = [0] * longest, [0] * longest
    length = expected = 0
    for caption, refs in zip(captions, references, strict=True):
        length += len(caption)
        expected += min((abs(len(r) - len(caption)), len(r)) for r in refs)[1]
        for n in range(1, longest + 1):
            most: Grams = Counter()
            for r in refs:
                most |= grams(r, n)
            mine = grams(caption, n)
            right[n - 1] += sum((mine & most).values())
            said[n - 1] += sum(mine.values())
    if not all(right):
        return 0.0
    mean = sum(math.log(r / s) for r, s in zip(right, said, strict=True)) / longest
    return math.exp(mean + min(0.0, 1 - expected / length))


def cider(captions: list[Words], references: list[list[Words]], longest: int = 4, sigma: float = 6.0) -> float:
    """CIDEr-D (Vedantam et al. 2015): 10 × the mean cosine of tf-idf vectors of 1 … `longest` words with each
    reference, the caption's counts clipped to the reference's, less where lengths differ. In how many pictures'
    references a phrase stands is counted over `references`."""
    pictures = len(references)
    scores = [0.0] * pictures
    for n in range(1, longest + 1):
        in_pictures = Counter(chain.from_iterable({g for r in refs for g in grams(r, n)} for refs in references))

        def weighed(words: Words, n: int = n, known: Counter = in_pictures) -> tuple[dict, float]:
            vector = {g: c * (math.log(pictures) - math.log(max(1, known[g]))) for g, c in grams(words, n).items()}
            return vector, math.sqrt(sum(v * v for v in vector.values()))

        for i, (caption, refs) in enumerate(zip(captions, references, strict=True)):
            mine, norm = weighed(caption)
            for r in refs:
                theirs, other = weighed(r)
                if norm and other:
                    product = sum(min(v, theirs.get(g, 0.0)) * theirs.get(g, 0.0) for g, v in mine.items())
                    apart = math.exp(-((len(caption) - len(r)) ** 2) / (2 * sigma**2))
                    scores[i] += apart * product / (norm * other) / len(refs) / longest
    return 10 * sum(scores) / pictures


def colour_words(captions: list[Words], references: list[list[Words]]) -> tuple[float, float]:
    """→ (precision, recall) of COLOURS, each counted once a caption, as it is spelled.

    Precision: of all colours said, the share that at least one reference of the picture says too. Recall: of a
    picture's colours, weighted by how many references say each, the share that is said; the mean over the pictures
    whose references name any. So what everybody sees counts most, and what one in ten mentions counts little."""
    said = right = 0
    recalls = []
    for caption, refs in zip(captions, references, strict=True):
        mine = COLOURS.intersection(caption)
        weights = Counter(chain.from_iterable(COLOURS.intersection(r) for r in refs))
        said += len(mine)
        right += sum(colour in weights for colour in mine)
        if weights:
            recalls.append(sum(weights[colour] for colour in mine) / weights.total())
    return right / max(1, said), sum(recalls) / max(1, len(recalls))


def figures(captions: list[Words], references: list[list[Words]]) -> dict[str, float]:
    precision, recall = colour_words(captions, references)
    return {
        "bleu4": bleu(captions, references),
        "cider": cider(captions, references),
        "colour_precision": precision,
        "colour_recall": recall,
    }
