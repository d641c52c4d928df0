"""Landed weights, as the browser reads them (arrays.py), into the folder that it loads models from.

    python export.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \\
        --card cards/flowers.json --id flowers --storage int8
    python export.py --id flowers --style-encoder weights/style-encoder-flowers.safetensors
    python export.py --id flowers --captioner weights/stream-flowers.safetensors
    python export.py --landed weights/mirrorgan-128.safetensors --encoder weights/stem-flowers.safetensors \\
        --card cards/mirrorgan.json --id mirrorgan --storage int8
    python export.py --id mirrorgan --captioner-of flowers --style-encoder-of flowers
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import torch

import data
from arrays import (
    encoder_arrays,
    generator_arrays,
    glam_arrays,
    glam_config,
    stem_arrays,
    store,
    t2f_arrays,
    to_numpy,
)
from checkpoint import fingerprint, load_weights, painter, prefixed
from export_parts import (
    export_captioner,
    export_critic,
    export_style_encoder,
    share_captioner,
    share_style_encoder,
)
from manifest import (
    Arrays,
    keep_parts,
    read_card,
    read_entry,
    write_manifest,
    write_model,
)
from models.glam import Config as GlamConfig
from models.t2f import Config as T2fConfig
from models.t2f import Generator as T2f
from text import words

MODELS = Path(__file__).parents[1] / "public" / "models"


def vocabulary(captions: list[list[str]], least: int = 3) -> list[str]:
    """Words that the training captions hold at least `least` times, as the page reads words, in alphabetical order."""
    counts = Counter(word for of_one in captions for c in of_one for word in words(c))
    return sorted(word for word, n in counts.items() if n >= least)


# What is added to a model after its generator, and the name of its config.
PARTS = {
    "style-encoder": "style",
    "captioner": "stream",
    "captioner-vocabulary": "stream",
    "captioner-encoder": "reader",
    "critic": "critic",
}


def export_painter(args: argparse.Namespace) -> None:
    """Generator, encoder, vocabulary and card, with the samples and the film that are given. The parts that were added
    stay, but for what another generator made."""
    landed, metadata = load_weights(args.landed)
    encoder, encoder_metadata = load_weights(args.encoder)
    generator = prefixed(landed, "generator.")
    of = t2f if metadata.get("architecture") == "t2f" else mirror_gan if "depth" in metadata else gan_int_cls
    parts = of(to_numpy(generator), metadata, to_numpy(encoder))
    levels = {"generator": args.levels}
    arrays = {role: store(part, args.storage, levels.get(role, 127)) for role, part in parts["arrays"].items()}
    card = json.loads(args.card.read_text(encoding="utf-8"))
    card["training"]["pictures"] = metadata["pictures"]
    if args.measured:
        measured = json.loads(args.measured.read_text(encoding="utf-8"))
        theirs = {role: measured["settings"].get(role) for role in ("generator", "encoder")}
        if theirs != (own := painter(landed, encoder)):
            raise SystemExit(
                f"{args.measured} has the figures of {theirs}, and this is {own}: measure these weights first"
            )
        card |= {"figures": measured["figures"], "evaluator": measured["evaluator"]}
    card["parameters"] = sum(a.size for part in arrays.values() for k, a in part.items() if not k.endswith(".scale"))
    card["bytes"] = sum(a.nbytes for part in arrays.values() for a in part.values())
    entry = {"id": args.id, "name": card["name"], "fingerprint": fingerprint(generator)} | parts["entry"]
    entry["config"] = {"generator": parts["config"], "encoder": encoder_metadata["config"]}
    # A text encoder that reads words has a vocabulary of its own; for one that reads letters it is what it saw.
    known = encoder_metadata.get("vocabulary")
    if known is None:
        known = sorted({*vocabulary(data.read_captions("flowers", "train")), *encoder_metadata.get("taught", [])})
    texts = {"vocabulary": {"words": known}, "card": card}
    card |= {k: v for k, v in read_card(args.models / args.id).items() if k == "captioner"}
    others = {"samples": args.samples, "time-lapse": args.timelapse}
    others = {role: path for role, path in others.items() if path}
    manifest = args.models / "manifest.json"
    old = read_entry(manifest, args.id)
    entry = write_model(args.models / args.id, entry, arrays, texts, others)
    if old:
        kept = dict(PARTS)
        if old.get("fingerprint") != entry["fingerprint"] and "style" in old["config"]:
            del kept["style-encoder"]
            (args.models / args.id / "style-encoder.safetensors").unlink(missing_ok=True)
            print("the style encoder that was here inverts another generator: dropped; train and export a new one")
        entry = keep_parts(entry, old, kept)
    write_manifest(manifest, entry)
    print(f"{args.id}: {card['parameters']:,} parameters, {card['bytes'] / 1e6:.2f} MB as {args.storage}")


def gan_int_cls(generator: Arrays, metadata: dict, encoder: Arrays) -> dict:
    config = metadata["config"]
    return {
        "arrays": {"generator": generator_arrays(generator, config["channels"]), "encoder": encoder_arrays(encoder)},
        "config": config,
        "entry": {"architecture": "gan-int-cls", "sizes": [4 * 2 ** (len(config["channels"]) - 1)]},
    }


def t2f(generator: Arrays, metadata: dict, encoder: Arrays) -> dict:
    """A generator that has grown up, at all the sizes it has grown through, and an encoder that reads words."""
    config = T2fConfig(**metadata["config"] | {"channels": tuple(metadata["config"]["channels"])})
    if metadata["grown"] != [config.depths - 1, 1]:
        raise SystemExit(f"still growing: it has reached depth and α {metadata['grown']} of {config.depths - 1} and 1")
    model = T2f(config)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in generator.items()})
    return {
        "arrays": {"generator": t2f_arrays(model), "encoder": stem_arrays(encoder)},
        "config": metadata["config"],
        "entry": {"architecture": "t2f", "sizes": [4 * 2**d for d in range(config.depths)], "abilities": ["grow"]},
    }


def mirror_gan(generator: Arrays, metadata: dict, encoder: Arrays) -> dict:
    """GLAM as far as it was trained, and STEM."""
    config, depth = glam_from(metadata["config"]), metadata["depth"]
    entry = {"architecture": "mirror-gan", "sizes": list(config.sizes[: depth + 1])}
    return {
        "arrays": {"generator": glam_arrays(generator, config, depth), "encoder": stem_arrays(encoder)},
        "config": glam_config(config, depth),
        # One stage alone listens to no words.
        "entry": entry | ({"abilities": ["look"]} if depth > 0 else {}),
    }


def glam_from(config: dict) -> GlamConfig:
    stages = tuple(tuple(stage) for stage in config["stages"])
    return GlamConfig(**config | {"channels": tuple(config["channels"]), "stages": stages})


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, help="the generator; with it --encoder and --card")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--card", type=Path, help="card.json without what is measured here")
    parser.add_argument("--measured", type=Path, help="what measure.py or measure_faces.py wrote of these very weights")
    parser.add_argument("--samples", type=Path, help="a sheet of pictures for the card (sheet.py)")
    parser.add_argument("--timelapse", type=Path, help="the training as a film, for the card (timelapse.py)")
    parser.add_argument("--style-encoder", type=Path, help="trained on the generator of --id, or of --landed")
    parser.add_argument("--captioner", type=Path, help="as measure_stream.py --land wrote it")
    parser.add_argument("--captioner-card", type=Path, help="what its card says otherwise than cards/captioner.json")
    parser.add_argument("--captioner-of", help="id of a model whose captioner this one is to have, too")
    parser.add_argument("--style-encoder-of", help="id of a model whose generator is this one's first stage")
    parser.add_argument("--critic", type=Path, help="landed weights with a critic of their own, for fine-tuning")
    parser.add_argument("--id", default="flowers")
    parser.add_argument("--storage", choices=["int8", "float16", "float32"], default="int8")
    parser.add_argument(
        "--levels",
        type=int,
        default=127,
        choices=range(1, 128),
        metavar="N",
        help="of a generator's or a style encoder's int8 either side of 0: fewer compress better",
    )
    parser.add_argument("--models", type=Path, default=MODELS)
    args = parser.parse_args()
    if args.landed and not (args.encoder and args.card):
        parser.error("--landed needs --encoder and --card")
    parts = ("landed", "style_encoder", "style_encoder_of", "captioner", "captioner_of", "critic")
    if not any(getattr(args, part) for part in parts):
        parser.error(f"nothing to export: {', '.join('--' + part.replace('_', '-') for part in parts)}, or several")
    return args


def main() -> None:
    args = parse()
    if args.landed:
        export_painter(args)
    if args.style_encoder:
        export_style_encoder(args)
    if args.captioner:
        export_captioner(args)
    if args.captioner_of:
        share_captioner(args)
    if args.style_encoder_of:
        share_style_encoder(args)
    if args.critic:
        export_critic(args)


if __name__ == "__main__":
    main()
