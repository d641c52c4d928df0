"""Tiny networks with random weights: of golden files, and of a whole model for tests of the road."""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from arrays import (
    captioner_arrays,
    critic_arrays,
    encoder_arrays,
    generator_arrays,
    glam_arrays,
    glam_config,
    stem_arrays,
    store,
    style_arrays,
    to_numpy,
)
from manifest import borrowed, read_card, read_entry, write_manifest, write_model
from models import char_cnn_rnn, critic, gan_int_cls, glam, stem, stream, style_encoder
from text import encode_characters

# What a tiny captioner can say.
SAID = ["red", "white", "flower", "petals", "this", "has", "a", "yellow", "with", "center", "and", "the"]


def unsettle(module: nn.Module, generator: torch.Generator) -> None:
    """Random values where PyTorch starts with zeros and ones, so that nothing passes by luck."""
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if not tensor.is_floating_point():
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        if name.endswith(("running_var", "deviation")):
            tensor.data.copy_(noise.abs() + 0.5)
        elif name.endswith(("running_mean", "mean", "bias")):
            tensor.data.copy_(noise * 0.3)
        elif "affine.weight" in name:
            tensor.data.copy_(noise * 0.1)


def tiny_stream(seed: int, config: stream.Config) -> stream.Stream:
    """Random weights that let pictures through: f is about 1 and differs between pictures, words differ too."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = stream.Stream(config).eval()
    for name, parameter in model.named_parameters():
        if parameter.ndim == 4:
            # As He et al. 2015 have it; conv1 takes 0–255 down to 1.
            deviation = (2 / parameter[0].numel()) ** 0.5 * (1 / 64 if name == "conv1.weight" else 1)
            parameter.data.copy_(torch.randn(parameter.shape, generator=generator) * deviation)
        elif parameter.ndim == 2:
            parameter.data.mul_(2)
    unsettle(model, generator)
    return model


def fixture_mirror(models: Path) -> None:
    """As `fixture_model`, and after it: MirrorGAN, 16 and 32 pixels, with the tiny captioner."""
    generator = torch.Generator().manual_seed(18)
    torch.manual_seed(18)
    known = ["a", "blue", "center", "flower", "has", "is", "large", "petals", "red", "the", "this", "with", "yellow"]
    reads = stem.Config(stem.SPECIAL + len(known), word=6, hidden=5, sentence=12, longest=16)
    encoder = stem.Stem(reads).eval()
    unsettle(encoder, generator)
    # Untaught, it says nearly the same of every caption: standardise what is left, as training does.
    some = [f"{colour} flower with a {other} center" for colour in ("red", "blue") for other in ("yellow", "large")]
    with torch.no_grad():
        _, raw = encoder.raw(stem.encode_all([some], known, reads.longest)[0])
    encoder.mean.copy_(raw.mean(0))
    encoder.deviation.copy_(raw.std(0) + 1e-4)
    paints = glam.Config(z=8, sentence=12, word=10, condition=6, channels=(16, 12, 8), stages=((8, 6),))
    painter = glam.Glam(paints).eval()
    unsettle(painter, generator)
    for stage in painter.stages:  # so that words are told apart
        torch.nn.init.normal_(stage.attend_words.read.weight, std=3.0, generator=generator)
    torch.nn.init.normal_(painter.paint[1].weight, std=0.3, generator=generator)
    files = {
        "generator": store(glam_arrays(to_numpy(painter.state_dict()), paints, 1), "int8"),
        "encoder": store(stem_arrays(to_numpy(encoder.state_dict())), "float16"),
    }
    other = read_entry(models / "manifest.json", "tiny")
    roles = {"encoder": "captioner-encoder", "captioner": "captioner", "captioner-vocabulary": "captioner-vocabulary"}
    entry = {
        "id": "tiny-mirror",
        "name": "Tiny mirror",
        "architecture": "mirror-gan",
        "config": {
            "generator": glam_config(paints, 1),
            "encoder": asdict(reads),
            "stream": other["config"]["stream"],
            "reader": other["config"]["encoder"],
        },
        "sizes": list(paints.sizes),
        "abilities": ["look"],
    }
    card = read_card(models / "tiny") | {
        "name": "Tiny mirror",
        "bytes": sum(a.nbytes for part in files.values() for a in part.values()),
        "parameters": sum(p.numel() for m in (encoder, painter) for p in m.parameters()),
    }
    entry = write_model(models / "tiny-mirror", entry, files, {"vocabulary": {"words": known}, "card": card})
    write_manifest(models / "manifest.json", entry | {"files": [*entry["files"], *borrowed(other, roles)]})


def fixture_model(models: Path) -> None:
    """A model of 16×16 pixels that has learnt nothing but paints something: for tests of the road, in 40 KB."""
    generator = torch.Generator().manual_seed(9)
    torch.manual_seed(9)
    reads = char_cnn_rnn.Config(channels=(8, 8, 8), embedding=16)
    encoder = char_cnn_rnn.CharCnnRnn(reads).eval()
    unsettle(encoder, generator)
    # Untaught, it says nearly the same of every caption: standardise what is left, as training does.
    some = torch.tensor(
        [encode_characters(f"{colour} flower") for colour in ("a red", "one blue", "this large yellow")]
    )
    with torch.no_grad():
        raw = encoder.raw(some)
    encoder.mean.copy_(raw.mean(0))
    encoder.deviation.copy_(raw.std(0) + 1e-4)
    paints = gan_int_cls.Config(z=8, sentence=16, text=8, channels=(16, 12, 8))
    painter = gan_int_cls.Generator(paints).eval()
    unsettle(painter, generator)
    torch.manual_seed(11)
    inverts = style_encoder.Config(z=paints.z, size=paints.size, channels=(6, 8))
    inverter = style_encoder.StyleEncoder(inverts).eval()
    unsettle(inverter, torch.Generator().manual_seed(11))
    channels = (8, (4, 4), (4, 4), (4, 6), (4, 6), (4, 8), (4, 8), (4, 8), (4, 8))
    sees = stream.Config(paints.size, 40, 12, 16, reads.embedding, stream.SPECIAL + len(SAID), 12, channels)
    captioner = tiny_stream(13, sees)
    torch.manual_seed(15)
    judges = critic.Config(sentence=reads.embedding, projection=6, channels=(6, 8))
    files = {
        "generator": store(generator_arrays(to_numpy(painter.state_dict()), list(paints.channels)), "int8"),
        "encoder": store(encoder_arrays(to_numpy(encoder.state_dict())), "float16"),
        "style-encoder": store(style_arrays(to_numpy(inverter.state_dict())), "int8"),
        "captioner": store(captioner_arrays(to_numpy(captioner.state_dict())), "int8"),
        "critic": store(critic_arrays(critic.Critic(judges)), "float16"),
    }
    card = {
        "name": "Tiny",
        "summary": "Random weights, for tests of the program: it paints colour fields.",
        "data": {"name": "none", "source": "a random generator", "licence": "public domain"},
        "licence": "MIT",
        "training": {"recipe": "none", "pictures": 0},
        "figures": [{"name": "difference between pictures", "value": 1, "chance": 0}],
        "evaluator": "nobody",
        "bytes": sum(a.nbytes for part in files.values() for a in part.values()),
        "parameters": sum(p.numel() for m in (encoder, painter, inverter, captioner) for p in m.parameters()),
        "limits": ["It has learnt nothing."],
        "defaultTruncation": 1,
        "examples": ["a red flower", "a blue flower with a yellow center"],
    }
    entry = {
        "id": "tiny",
        "name": "Tiny",
        "architecture": "gan-int-cls",
        "config": {
            "generator": asdict(paints),
            "encoder": asdict(reads),
            "style": asdict(inverts),
            "stream": asdict(sees) | {"agrees": 0.5, "partly": 0.2},
            "critic": asdict(judges),
        },
        "sizes": [paints.size],
    }
    words = ["a", "blue", "center", "flower", "has", "is", "large", "petals", "red", "the", "this", "with", "yellow"]
    texts = {"vocabulary": {"words": words}, "captioner-vocabulary": {"words": SAID}, "card": card}
    entry = write_model(models / "tiny", entry, files, texts)
    write_manifest(models / "manifest.json", entry)
