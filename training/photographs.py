"""The photographs that painted pictures are measured against, as the evaluator sees them."""

from dataclasses import dataclass

import numpy as np
import torch

import data
import metrics
from models.evaluator import Evaluator
from painted import SIZE
from train_evaluator import centre

COMPONENTS = 128


@torch.no_grad()
def features_of(evaluator: Evaluator, pictures: np.ndarray) -> np.ndarray:
    """pictures [N,P,P,3] uint8, P ≥ 64: their middle → [N,F]"""
    parts = torch.from_numpy(pictures).split(128)
    return torch.cat([evaluator.standardised(centre(part, SIZE)) for part in parts]).numpy()


def cached_features(evaluator: Evaluator, name: str, train: data.Captioned) -> np.ndarray:
    """Of the training photographs, kept by their key and the evaluator's hash."""
    key = data.key_of(data.DATA / "flowers", train.names, train.pictures.shape[1])
    path = data.CACHE / f"evaluated-{key}-{name}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, features_of(evaluator, train.pictures))
    return np.load(path)


@torch.no_grad()
def embedded_pictures(evaluator: Evaluator, standardised: np.ndarray) -> np.ndarray:
    features = torch.from_numpy(standardised) * evaluator.deviation + evaluator.mean
    return evaluator.embed_pictures(features).numpy()


@torch.no_grad()
def embedded_captions(evaluator: Evaluator, captions: list[str]) -> np.ndarray:
    return torch.cat(
        [evaluator.embed_captions(evaluator.spell(captions[i : i + 512])) for i in range(0, len(captions), 512)]
    ).numpy()


def same_classes(classes: np.ndarray, pool: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Rows of `pool`, one for each of `classes` and of that class, none twice while there are enough."""
    rows = np.empty(len(classes), np.int64)
    for kind in np.unique(classes):
        places, choices = np.flatnonzero(classes == kind), np.flatnonzero(pool == kind)
        rows[places] = random.choice(choices, len(places), replace=len(places) > len(choices))
    return rows


@dataclass(frozen=True)
class Real:
    """The photographs, as the evaluator sees them: train [M,F] and val [V,F], their captions [·,E] of val."""

    train: np.ndarray
    val: np.ndarray
    val_captions: np.ndarray
    owners: np.ndarray
    classes: np.ndarray
    train_classes: np.ndarray
    flat: np.ndarray
    basis: tuple[np.ndarray, np.ndarray]


def look_at_photographs(evaluator: Evaluator, name: str, train: data.Captioned, val: data.Captioned) -> Real:
    known = cached_features(evaluator, name, train)
    grey = np.broadcast_to(train.pictures.mean((1, 2), keepdims=True), train.pictures.shape).astype(np.uint8)
    blind = np.linspace(0, len(train) - 1, len(val)).round().astype(int)
    return Real(
        train=known,
        val=features_of(evaluator, val.pictures),
        val_captions=embedded_captions(evaluator, [c for of_one in val.captions for c in of_one]),
        owners=np.repeat(np.arange(len(val)), [len(c) for c in val.captions]),
        classes=val.classes,
        train_classes=train.classes,
        flat=features_of(evaluator, grey[blind]),
        basis=metrics.principal_components(known, min(COMPONENTS, known.shape[1])),
    )
