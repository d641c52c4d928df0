"""What is added to an exported painter: its style encoder, captioner and critic, or another model's by their paths."""

import argparse
import json
from pathlib import Path

from arrays import captioner_arrays, critic_arrays, store, style_arrays, to_numpy
from caption_metrics import NAMES
from checkpoint import load_weights, prefixed
from manifest import borrowed, read_card, read_entry, with_parts, write_files, write_manifest
from models.critic import Config, Critic

CAPTIONER_CARD = Path(__file__).parent / "cards" / "captioner.json"


def share_captioner(args: argparse.Namespace) -> None:
    """The captioner of another model, file by file, with the text encoder that it compares captions by."""
    roles = {"captioner": "captioner", "captioner-vocabulary": "captioner-vocabulary", "encoder": "captioner-encoder"}
    card = read_card(args.models / args.id) | {"captioner": read_card(args.models / args.captioner_of)["captioner"]}
    share(args, args.captioner_of, roles, {"stream": "stream", "encoder": "reader"}, {"card": card})


def share_style_encoder(args: argparse.Namespace) -> None:
    """Of a model whose generator is this one's first stage, or was when its training began."""
    share(args, args.style_encoder_of, {"style-encoder": "style-encoder"}, {"style": "style"}, {})


def share(args: argparse.Namespace, name: str, roles: dict, configs: dict, texts: dict) -> None:
    """Files of another model by their roles there and here, and what its config says of them. No copies: the other's
    files are fetched once for both. Run it again when the other model was exported anew."""
    manifest = args.models / "manifest.json"
    entry, other = read_entry(manifest, args.id), read_entry(manifest, name)
    if entry is None or other is None:
        raise SystemExit(f"{manifest} has no {args.id} or no {name}")
    listed = borrowed(other, roles) + write_files(args.models / args.id, {}, texts)
    config = {here: other["config"][there] for there, here in configs.items()}
    write_manifest(manifest, with_parts(entry, config, listed))
    print(f"{args.id}: {', '.join(roles)} of {name}")


def export_style_encoder(args: argparse.Namespace) -> None:
    manifest = args.models / "manifest.json"
    entry = read_entry(manifest, args.id)
    state, metadata = load_weights(args.style_encoder)
    # What the first stage of a cascade was when its training began cannot be told from it: there it is taken on trust.
    on_trust = entry is not None and entry["architecture"] == "mirror-gan"
    if entry is None or not on_trust and entry.get("fingerprint") != metadata["generator"]:
        raise SystemExit(
            f"{args.style_encoder} inverts generator {metadata['generator']}, and {args.id} in {manifest} has "
            f"{(entry or {}).get('fingerprint', 'none that is known')}: export that one, or train on this one"
        )
    arrays = {"style-encoder": store(style_arrays(to_numpy(state)), args.storage, args.levels)}
    listed = write_files(args.models / args.id, arrays, {})
    write_manifest(manifest, with_parts(entry, {"style": metadata["config"]}, listed))
    print(f"{args.id}: style encoder, {listed[0]['bytes'] / 1e6:.2f} MB as {args.storage}")


def export_critic(args: argparse.Namespace) -> None:
    """The small critic that was trained beside a generator, from its landed file (train_gan_int_cls.py --own-critic) or
    from one of its own (train_own_critic.py)."""
    manifest = args.models / "manifest.json"
    entry = read_entry(manifest, args.id)
    tensors, metadata = load_weights(args.critic)
    if entry is None or "own" not in metadata:
        raise SystemExit(f"{args.critic} holds no critic of its own, or {manifest} has no {args.id} to add it to")
    config = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["own"].items()}
    critic = Critic(Config(**config))
    critic.load_state_dict(prefixed(tensors, "own."))
    listed = write_files(args.models / args.id, {"critic": store(critic_arrays(critic), args.storage)}, {})
    write_manifest(manifest, with_parts(entry, {"critic": metadata["own"]}, listed))
    print(f"{args.id}: critic, {listed[0]['bytes'] / 1e6:.2f} MB as {args.storage}")


def export_captioner(args: argparse.Namespace) -> None:
    """Captioner, its words, and what the card says of it: figures, and whose weights it began with."""
    manifest, folder = args.models / "manifest.json", args.models / args.id
    entry = read_entry(manifest, args.id)
    if entry is None:
        raise SystemExit(f"{manifest} has no {args.id} to add a captioner to")
    state, metadata = load_weights(args.captioner)
    arrays = {"captioner": store(captioner_arrays(to_numpy(state)), args.storage)}
    measured, near = metadata["figures"], metadata["figures"]["nearest"]
    figures = [
        {"name": name, "value": measured["model"][key], "chance": measured["most_frequent"][key]}
        | {"note": f"chance: the most frequent caption; of the most alike training photograph's: {near[key]:.3f}"}
        for key, name in NAMES.items()
    ]
    texts: dict = {"captioner-vocabulary": {"words": metadata["vocabulary"]}, "card": read_card(folder)}
    said = json.loads(CAPTIONER_CARD.read_text(encoding="utf-8"))
    if args.captioner_card:
        said |= json.loads(args.captioner_card.read_text(encoding="utf-8"))
    texts["card"]["captioner"] = said | {"figures": figures}
    listed = write_files(folder, arrays, texts)
    config = metadata["config"] | {k: measured["thresholds"][k] for k in ("agrees", "partly")}
    # The page's yardstick: medians and means over photographs and their own captions.
    config["photographs"] = {"agreement": measured["cosines"]["true"][2], "loss": measured["nats_a_word"]["true"]}
    write_manifest(manifest, with_parts(entry, {"stream": config}, listed))
    print(f"{args.id}: captioner, {listed[0]['bytes'] / 1e6:.2f} MB as {args.storage}")
