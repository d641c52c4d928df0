"""Beam search for the caption that a decoder finds most likely. src/models/beam-search.ts follows this line by line.

The beam holds hypotheses, best first. In every turn one that has ended (`</s>`) stays as it is, and each other one is
continued by every word; the best `beams` of all of these are the next beam. Score = sum of log p / length^alpha, where
length counts the words said, `</s>` among them. It ends when all in the beam have ended, or at `longest` words.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from models.stream import BEGIN, END, UNKNOWN

Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """tokens: what is said, the last is `</s>` if it has ended; total: sum of their log p; state [H] before the last
    of them was read."""

    tokens: tuple[int, ...]
    total: float
    state: Tensor

    @property
    def ended(self) -> bool:
        return self.tokens[-1:] == (END,)

    def score(self, alpha: float) -> float:
        return self.total / len(self.tokens) ** alpha


def forbidden(tokens: tuple[int, ...]) -> list[int]:
    """What must not come next: the two that are no words, and whatever would say three words for a second time."""
    last = tokens[-2:]
    third = [tokens[i + 2] for i in range(len(tokens) - 2) if tokens[i : i + 2] == last]
    return [BEGIN, UNKNOWN, *third]


def beam_search(
    step: Step, state: Tensor, longest: int = 24, beams: int = 3, alpha: float = 0.7
) -> list[tuple[tuple[int, ...], float]]:
    """step (state [B,H], token [B]) → (next state, logits [B,V]); state [H] before `<s>` → (tokens, score), best
    first. Where two score the same, the one from the better hypothesis comes first, then the lower word."""
    beam = [Hypothesis((), 0.0, state)]
    for _ in range(longest):
        open_ = [h for h in beam if not h.ended]
        if not open_:
            break
        states, logits = step(
            torch.stack([h.state for h in open_]), torch.tensor([h.tokens[-1] if h.tokens else BEGIN for h in open_])
        )
        # What is forbidden counts in the softmax: the others' log p stay what the decoder says.
        log_p = logits.log_softmax(1)
        found: list[Hypothesis] = []
        for h in beam:
            if h.ended:
                found.append(h)
                continue
            row = open_.index(h)
            total = h.total + log_p[row].double()
            total[forbidden(h.tokens)] = -torch.inf
            best = total.sort(descending=True, stable=True).indices[:beams].tolist()
            found += [Hypothesis((*h.tokens, w), float(total[w]), states[row]) for w in best if total[w] > -torch.inf]
        # sorted() is stable as well.
        beam = sorted(found, key=lambda h: -h.score(alpha))[:beams]
    return [(h.tokens, h.score(alpha)) for h in beam]
