"""Writes tests/golden/*.safetensors: tiny networks with random weights, their inputs, outputs and gradients, for the
TypeScript ports to agree with.

    python golden.py [--out ../tests/golden]
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn

from export import Arrays, encoder_arrays, generator_arrays, store, to_numpy, write_manifest, write_model
from models import char_cnn_rnn, gan_int_cls
from text import encode_characters

OUT = Path(__file__).parents[1] / "tests" / "golden"
CHARACTERS = "this flower has large white petals and a yellow center"


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


def write(out: Path, name: str, config: dict, parameters: Arrays, values: dict[str, Tensor]) -> None:
    arrays = {f"p.{k}": np.ascontiguousarray(v, np.float32) for k, v in parameters.items()}
    for key, value in values.items():
        array = value.detach().numpy()
        arrays[key] = np.ascontiguousarray(array, np.int32 if array.dtype == np.int64 else np.float32)
    out.mkdir(parents=True, exist_ok=True)
    save_file(arrays, out / f"{name}.safetensors")
    (out / f"{name}.json").write_text(json.dumps(config, indent=1) + "\n")


def golden_generator(out: Path) -> None:
    generator = torch.Generator().manual_seed(7)
    torch.manual_seed(7)
    config = gan_int_cls.Config(z=6, sentence=10, text=5, channels=(12, 8, 6))
    model = gan_int_cls.Generator(config).eval()
    unsettle(model, generator)
    z = torch.randn(3, config.z, generator=generator, requires_grad=True)
    sentence = torch.randn(3, config.sentence, generator=generator, requires_grad=True)
    pictures = model(z, sentence)
    probe = torch.randn(pictures.shape, generator=generator)
    (pictures * probe).sum().backward()
    values = {
        "z": z,
        "sentence": sentence,
        "pictures": pictures.permute(0, 2, 3, 1),
        "probe": probe.permute(0, 2, 3, 1),
    }
    values |= {"grad.z": z.grad, "grad.sentence": sentence.grad}
    parameters = generator_arrays(to_numpy(model.state_dict()), list(config.channels))
    write(out, "gan-int-cls", asdict(config), parameters, values)


def golden_encoder(out: Path) -> None:
    generator = torch.Generator().manual_seed(8)
    torch.manual_seed(8)
    config = char_cnn_rnn.Config(length=201, alphabet=12, channels=(10, 8, 6), embedding=7)
    model = char_cnn_rnn.CharCnnRnn(config).eval()
    unsettle(model, generator)
    characters = torch.randint(0, config.alphabet + 1, (3, config.length), generator=generator)
    characters[1, 30:] = 0
    sentence = model(characters)
    probe = torch.randn(sentence.shape, generator=generator)
    (sentence * probe).sum().backward()
    values = {"characters": characters, "sentence": sentence, "probe": probe}
    values |= {
        "grad.gru.weight_hh_l0": model.gru.weight_hh_l0.grad.T,
        "grad.conv3.bias": model.conv3.bias.grad,
    }
    write(out, "char-cnn-rnn", asdict(config), encoder_arrays(to_numpy(model.state_dict())), values)


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
    files = {
        "generator": store(generator_arrays(to_numpy(painter.state_dict()), list(paints.channels)), "int8"),
        "encoder": store(encoder_arrays(to_numpy(encoder.state_dict())), "float16"),
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
        "parameters": sum(p.numel() for m in (encoder, painter) for p in m.parameters()),
        "limits": ["It has learnt nothing."],
        "defaultTruncation": 1,
        "examples": ["a red flower", "a blue flower with a yellow center"],
    }
    entry = {
        "id": "tiny",
        "name": "Tiny",
        "architecture": "gan-int-cls",
        "config": {"generator": asdict(paints), "encoder": asdict(reads)},
        "sizes": [paints.size],
    }
    words = ["a", "blue", "center", "flower", "has", "is", "large", "petals", "red", "the", "this", "with", "yellow"]
    entry = write_model(models / "tiny", entry, files, {"vocabulary": {"words": words}, "card": card})
    write_manifest(models / "manifest.json", entry)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    golden_generator(out)
    golden_encoder(out)
    fixture_model(out.parent / "fixtures" / "models")


if __name__ == "__main__":
    main()
