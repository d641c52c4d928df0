"""
Captions as the characters that a char-CNN-RNN reads; the mirror of `src/text/alphabet.ts`.

The two agree on every case of `tests/golden/text-cases.json`. The rule, which both keep to, step by step:

1. A lone surrogate (one UTF-16 half without the other) becomes a space.
2. NFKC, then lower case (Unicode's full mapping, no language's own), then NFKD.
3. Code point by code point:
   - combining accents U+0300..U+036F and invisible signs (U+00AD, U+200B..U+200F, U+202A..U+202E,
     U+2060..U+2069, U+FE00..U+FE0F, U+FEFF) are dropped;
   - those in FOLDS are replaced by their ASCII likeness;
   - those in the alphabet are kept;
   - everything else, NUL, tabs and line ends among it, becomes a space.
4. Runs of spaces become one; those at the ends go.

The Unicode tables of two runtimes can differ; that shows only on code points that the older of them does not
know.
"""

from __future__ import annotations

import re
import unicodedata

# Reed et al. 2016, "Generative Adversarial Text to Image Synthesis", as in the authors' code: 70 slots. '-'
# stands in it twice (slots 37 and 60 of 1..70); the first is the one in use, the second is never written.
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{} "
CAPTION_LENGTH = 201

# NFKC and NFKD have by then folded ligatures, full-width forms, superscripts, '…' and most fractions.
FOLDS: dict[str, str] = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02bc\u02b9", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u02ba", '"'),
    **dict.fromkeys("\u2010\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2044": "/",
    "\u2022": "*",
    "\u00d7": "x",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u0153": "oe",
    "\u00f8": "o",
    "\u0142": "l",
    "\u0111": "d",
    "\u00f0": "d",
    "\u00fe": "th",
    "\u0131": "i",
}

_DROPPED = frozenset(
    chr(c)
    for low, high in [
        (0x0300, 0x036F),
        (0x00AD, 0x00AD),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2069),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
    ]
    for c in range(low, high + 1)
)

# From the back, so that the first '-' wins.
_INDEX: dict[str, int] = {ALPHABET[i]: i + 1 for i in reversed(range(len(ALPHABET)))}


def _well_formed(text: str) -> str:
    """Pairs of surrogates joined, lone ones as U+FFFD (which step 3 turns into a space)."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def normalise(caption: str) -> str:
    """caption → what a char-CNN-RNN reads of it: signs of ALPHABET, single spaces; '' for nothing."""
    text = unicodedata.normalize("NFKC", _well_formed(caption)).lower()
    text = unicodedata.normalize("NFKD", text)
    kept = (FOLDS.get(c, c if c in _INDEX else " ") for c in text if c not in _DROPPED)
    return " ".join("".join(kept).split())


def encode_characters(caption: str, length: int = CAPTION_LENGTH) -> list[int]:
    """caption → [length] of 1..70, then 0 to the end; what is longer is cut off."""
    indices = [_INDEX[c] for c in normalise(caption)[:length]]
    return indices + [0] * (length - len(indices))


_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")


def words(caption: str) -> list[str]:
    """caption → its words as a model reads them, in order; mirrors `words` in `src/text/vocabulary.ts`."""
    return _WORD.findall(normalise(caption))
