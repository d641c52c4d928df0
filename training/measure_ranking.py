"""How much better do pictures show their caption when the mirror picks the best of N? For the first caption of every
val photograph N pictures are painted; the captioner ranks them by its loss, by the similarity of its second output, or
by both (the sum of their z-scores within the N, as src/engine/tasks/rank.ts does); the evaluator, which knows neither
generator nor captioner, measures R-precision of the first picture and of each choice.

    python measure_ranking.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --captioner weights/stream-flowers.safetensors
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import metrics
from models.evaluator import load_evaluator
from models.stream import SPECIAL, UNKNOWN, encode, load_stream
from painted import load_generator, to_bytes
from photographs import embedded_captions, embedded_pictures, features_of
from sentences import embed_captions

WEIGHTS = Path(__file__).parent / "weights"


def z_scores(values: np.ndarray) -> np.ndarray:
    """[captions,N] → mean 0 and deviation 1 in every row; 0 where all are alike"""
    deviation = values.std(1, keepdims=True)
    return np.where(deviation > 1e-9, (values - values.mean(1, keepdims=True)) / np.maximum(deviation, 1e-9), 0)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--captioner", type=Path, required=True)
    parser.add_argument("--evaluator", type=Path, default=WEIGHTS / "evaluator.safetensors")
    parser.add_argument("--count", type=int, default=8, help="N")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    val = data.load("flowers", "val", 72)
    captions = [c[0] for c in val.captions]
    generator = load_generator(args.landed)
    model, known, _ = load_stream(args.captioner)
    places = {word: i for i, word in enumerate(known, SPECIAL)}
    sentences = torch.cat(embed_captions(args.encoder, [[c] for c in captions]))
    tokens = torch.tensor([encode(c, places, model.config.longest) for c in captions])
    noise = torch.Generator().manual_seed(args.seed)
    pictures, losses, similarities = [], [], []
    for sentence, said in zip(sentences, tokens, strict=True):
        z = torch.randn(args.count, generator.config.z, generator=noise)
        painted = to_bytes(generator(z, sentence.expand(args.count, -1)))
        pictures.append(painted)
        f = model.features(torch.from_numpy(painted).permute(0, 3, 1, 2).float() / 127.5 - 1)
        of_each = model.log_probabilities(f, said.expand(args.count, -1))
        losses.append(-(of_each * (said != UNKNOWN)).sum(1).numpy())
        similarities.append(F.cosine_similarity(model.similarity(f), sentence[None]).numpy())
    loss, similarity = z_scores(-np.stack(losses)), z_scores(np.stack(similarities))
    choices = {
        "the first": np.eye(1, args.count).repeat(len(captions), 0),
        "by the loss": loss,
        "by similarity": similarity,
        "by both": loss + similarity,
        "by both, similarity twice": loss + 2 * similarity,
    }
    evaluator, _ = load_evaluator(args.evaluator)
    owners = np.repeat(np.arange(len(val)), [len(c) for c in val.captions])
    others = embedded_captions(evaluator, [c for of_one in val.captions for c in of_one])
    asked = embedded_captions(evaluator, captions)
    base = 0.0
    for name, scores in choices.items():
        best = np.stack([p[i] for p, i in zip(pictures, scores.argmax(1), strict=True)])
        seen = embedded_pictures(evaluator, features_of(evaluator, best))
        value, deviation = metrics.r_precision(
            seen, asked, np.arange(len(val)), others, owners, np.random.default_rng(args.seed)
        )
        base = base or value
        print(f"{name:28}{value:7.3f} ± {deviation:.3f}   {100 * (value / base - 1):+.0f} %")


if __name__ == "__main__":
    main()
