"""What MirrorGAN is trained for, measured beside other generators: how well STREAM reads the caption off its pictures,
and whether its attention is where the words are.

    python measure_mirrorgan.py --landed out/mirror-128/landed.safetensors --encoder weights/stem-flowers.safetensors
    python measure_mirrorgan.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors

The captioner is the one that ships; MirrorGAN is trained against another, and one that was trained against this one is
refused.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
from backgrounds import to_lab
from checkpoint import fingerprint, load_weights
from models.attention import ABSENT
from models.glam import Glam
from models.stream import SPECIAL, UNKNOWN, encode, load_stream
from painted import SIZE, load_network, paint, to_bytes
from text import words
from word_feed import say

WEIGHTS = Path(__file__).parent / "weights"
# sRGB of what people call by these names; nearest in Lab decides.
COLOURS = {
    "red": [(190, 30, 40)],
    "orange": [(235, 130, 30)],
    "yellow": [(240, 215, 60)],
    "pink": [(240, 150, 190)],
    "purple": [(130, 60, 170)],
    "violet": [(130, 60, 170)],
    "blue": [(70, 80, 200)],
    "white": [(240, 240, 235)],
}
# Of the background and of shade: what no petal's word stands for.
OTHERS = [(50, 90, 40), (100, 140, 70), (25, 30, 20), (90, 75, 60), (130, 130, 130)]


def refuse_own_teacher(metadata: dict, captioner: Path) -> None:
    """`metadata` of the landed weights: a captioner that they were trained to please would flatter them."""
    if metadata.get("captioner") == fingerprint(load_weights(captioner)[0]):
        raise SystemExit(f"{captioner} is the captioner that this generator was trained against: measure with another")
    if metadata.get("architecture") == "mirror-gan" and "captioner" not in metadata:
        print("these weights do not say which captioner they were trained against")


@torch.no_grad()
def mirror_loss(pictures: np.ndarray, captions: list[str], captioner: Path) -> float:
    """−log p of a word of the caption, the mean over words, given pictures [N,S,S,3] uint8"""
    model, vocabulary, _ = load_stream(captioner)
    places = {word: i for i, word in enumerate(vocabulary, SPECIAL)}
    tokens = torch.tensor([encode(c, places, model.config.longest) for c in captions])
    total, count = 0.0, 0
    for i in range(0, len(captions), 64):
        x = torch.from_numpy(pictures[i : i + 64]).permute(0, 3, 1, 2).float() / 127.5 - 1
        said = model.log_probabilities(model.features(x), tokens[i : i + 64])
        known = tokens[i : i + 64] != UNKNOWN
        total -= float(said[known].sum())
        count += int(known.sum())
    return total / count


def named_by(pictures: np.ndarray, word: str) -> np.ndarray:
    """pictures [N,H,W,3] uint8 → [N,H,W]: where the colour is what the word says"""
    names = [c for c, same in COLOURS.items() if same != COLOURS[word]]
    prototypes = np.array(COLOURS[word] + [COLOURS[c][0] for c in names] + OTHERS, np.uint8)
    apart = np.linalg.norm(to_lab(pictures)[..., None, :] - to_lab(prototypes[None])[0], axis=-1)
    return apart.argmin(-1) == 0


def box_of(picture: np.ndarray) -> np.ndarray:
    """[H,W,3] uint8 → [H,W]: the box around what stands out from the border (median colour, Lab)"""
    lab = to_lab(picture)
    edge = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    apart = np.linalg.norm(lab - np.median(edge, 0), axis=-1)
    stands_out = apart > np.quantile(apart, 0.7)
    rows, columns = (np.flatnonzero(stands_out.mean(axis) > 0.25) for axis in (1, 0))
    box = np.zeros(lab.shape[:2], bool)
    if len(rows) and len(columns):
        box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return box


@torch.no_grad()
def attention_figures(generator: Glam, encoder: Path, captions: list[str], seed: int) -> dict[str, float]:
    """Of the colour words: their attention's mass inside the flower's box over the box's area, and on pixels of the
    word's colour over these pixels' share; 1 is chance. And how surely a place chooses: entropy over that of an even
    choice."""
    random = torch.Generator().manual_seed(seed)
    boxes, colours, entropies = [], [], []
    for caption in captions:
        sentence, vectors, weight = say(encoder, [caption])
        z = torch.randn(1, generator.config.z, generator=random)
        noise = torch.zeros(1, generator.config.condition)  # as the engine paints
        cascade = generator(z, sentence, vectors, weight, noise)
        said = words(caption)[: int((weight > ABSENT / 2).sum())]
        attention = cascade.attention[-1][0]  # [HW,T]
        edge = round(len(attention) ** 0.5)
        picture = to_bytes(F.interpolate(cascade.pictures[-1], (edge, edge), mode="area"))[0]
        box = box_of(picture)
        surprise = -(attention * attention.clamp(min=1e-9).log()).sum(1).mean()
        if len(said) > 1:
            entropies.append(float(surprise) / np.log(len(said)))
        for place, word in enumerate(said):
            if word not in COLOURS:
                continue
            mass = attention[:, place].reshape(edge, edge).numpy()
            mass = mass / mass.sum()
            if 0.02 < box.mean() < 0.9:
                boxes.append(mass[box].sum() / box.mean())
            mask = named_by(picture[None], word)[0]
            if 0.02 < mask.mean() < 0.9:
                colours.append(mass[mask].sum() / mask.mean())
    return {
        "words": len(colours),
        "box": float(np.mean(boxes)),
        "colour": float(np.mean(colours)),
        "colour_better_than_chance": float((np.array(colours) > 1).mean()),
        "entropy": float(np.mean(entropies)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="STEM, or the text encoder")
    parser.add_argument("--captioner", type=Path, default=WEIGHTS / "stream-flowers.safetensors")
    parser.add_argument("--draws", type=int, default=2, help="pictures a val photograph, another caption each")
    parser.add_argument("--attended", type=int, default=200, help="captions whose attention is looked at")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    generator, metadata = load_network(args.landed)
    refuse_own_teacher(metadata, args.captioner)
    val = data.load("flowers", "val", SIZE * 9 // 8)
    captions = [of_one[d % len(of_one)] for d in range(args.draws) for of_one in val.captions]
    pictures = paint(args.landed, args.encoder, captions, 1.0, args.seed)
    margin = SIZE // 16
    photographs = np.tile(val.pictures[:, margin : margin + SIZE, margin : margin + SIZE], (args.draws, 1, 1, 1))
    others = np.roll(photographs, len(val) // 2, 0)
    figures = {
        "mirror_loss": mirror_loss(pictures, captions, args.captioner),
        "mirror_loss_photographs": mirror_loss(photographs, captions, args.captioner),
        "mirror_loss_other_photographs": mirror_loss(others, captions, args.captioner),
    }
    if isinstance(generator, Glam):
        figures |= attention_figures(generator, args.encoder, captions[: args.attended], args.seed)
    for name, value in figures.items():
        print(f"{name:<32}{value:>10.3f}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
