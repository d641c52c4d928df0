"""Do painted faces show what was asked? By a held-out attribute classifier, which no generator was trained against."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from face_attributes import ATTRIBUTES
from models.evaluator import Evaluator
from models.t2f import Drawn
from painted import to_bytes
from train_evaluator import centre

# A sentence, what it says, and the group under which a card shows it.
SINGLE = (
    ("A person with black hair.", "Black_Hair", True, "hair colour"),
    ("Someone with blond hair.", "Blond_Hair", True, "hair colour"),
    ("A person with brown hair.", "Brown_Hair", True, "hair colour"),
    ("A person with gray hair.", "Gray_Hair", True, "hair colour"),
    ("A person wearing glasses.", "Eyeglasses", True, "glasses"),
    ("A person without glasses.", "Eyeglasses", False, "glasses"),
    ("A smiling person.", "Smiling", True, "smile"),
    ("A person who is not smiling.", "Smiling", False, "smile"),
    ("A man with a beard.", "No_Beard", False, "beard"),
    ("A man with no beard.", "No_Beard", True, "beard"),
    ("A person wearing a hat.", "Wearing_Hat", True, "hat"),
    ("A person without a hat.", "Wearing_Hat", False, "hat"),
    ("A man.", "Male", True, "gender"),
    ("A woman.", "Male", False, "gender"),
    ("A bald man.", "Bald", True, "bald"),
    ("A young person.", "Young", True, "age"),
    ("An older person.", "Young", False, "age"),
    ("A person wearing lipstick.", "Wearing_Lipstick", True, "lipstick"),
)
# What some of them say beside, of whom: most who have no beard are women.
BESIDE = {text: {"Male": True} for text in ("A man with a beard.", "A man with no beard.", "A bald man.")}


@dataclass(frozen=True)
class Wanted:
    """A description, and what it says: attribute → is it there?"""

    text: str
    claims: dict[str, bool]


def read_prose(path: Path) -> list[Wanted]:
    """`text | Male, !Young` a line; # begins a remark"""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            text, said = line.rsplit("|", 1)
            names = [name.strip() for name in said.split(",")]
            claims = {name.removeprefix("!"): not name.startswith("!") for name in names}
            assert set(claims) <= set(ATTRIBUTES), f"{line}: {set(claims) - set(ATTRIBUTES)}"
            found.append(Wanted(text.strip(), claims))
    return found


@torch.no_grad()
def paint_faces(generator: Drawn, sentences: Tensor, seed: int, truncation: float = 1.0) -> np.ndarray:
    """sentences [N,D] → [N,S,S,3] uint8; z and ε from one seed, as in the app"""
    random = torch.Generator().manual_seed(seed)
    drawn = truncation * torch.randn(len(sentences), generator.config.z, generator=random)
    pairs = zip(drawn.split(64), sentences.split(64), strict=True)
    return np.concatenate([to_bytes(generator(some, sentence)) for some, sentence in pairs])


@torch.no_grad()
def shown_in(evaluator: Evaluator, pictures: np.ndarray) -> np.ndarray:
    """pictures [N,P,P,3] uint8, P ≥ 64 → [N,40]: which attributes are seen"""
    parts = torch.from_numpy(pictures).split(128)
    return torch.cat([evaluator.classify(evaluator.features(centre(part, 64))) > 0 for part in parts]).numpy()


def accuracy(wanted: list[Wanted], shown: np.ndarray) -> np.ndarray:
    """shown [W·n,40], n pictures a description in turn → [W]: the share of what each says that is seen"""
    each = shown.reshape(len(wanted), -1, len(ATTRIBUTES))
    return np.array(
        [
            np.mean([(of_one[:, ATTRIBUTES.index(name)] == there).mean() for name, there in w.claims.items()])
            for w, of_one in zip(wanted, each, strict=True)
        ]
    )


def by_attribute(wanted: list[Wanted], shown: np.ndarray) -> dict[str, float]:
    """The same, of each attribute over all descriptions that say something of it."""
    each = shown.reshape(len(wanted), -1, len(ATTRIBUTES))
    found: dict[str, list[float]] = {}
    for w, of_one in zip(wanted, each, strict=True):
        for name, there in w.claims.items():
            found.setdefault(name, []).append(float((of_one[:, ATTRIBUTES.index(name)] == there).mean()))
    return {name: float(np.mean(values)) for name, values in sorted(found.items())}


def classifier_alone(
    shown: np.ndarray, attributes: list[list[str]], name: str, there: bool, beside: dict[str, bool] | None = None
) -> float:
    """Of real faces [N,40] for which the claim holds, and those `beside` it: how often does the classifier see it?"""
    claims = (beside or {}) | {name: there}
    rows = [i for i, has in enumerate(attributes) if all((c in has) == holds for c, holds in claims.items())]
    return float((shown[rows, ATTRIBUTES.index(name)] == there).mean()) if rows else float("nan")
