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
from torch import Tensor

from arrays import captioner_arrays, critic_arrays, encoder_arrays, generator_arrays, style_arrays, to_numpy
from beam_search import beam_search
from manifest import Arrays
from models import char_cnn_rnn, critic, gan_int_cls, stream, style_encoder
from tiny import SAID, fixture_model, tiny_stream, unsettle

OUT = Path(__file__).parents[1] / "tests" / "golden"
CHARACTERS = "this flower has large white petals and a yellow center"


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


def golden_style_encoder(out: Path) -> None:
    generator = torch.Generator().manual_seed(10)
    torch.manual_seed(10)
    config = style_encoder.Config(z=5, size=16, channels=(4, 6))
    model = style_encoder.StyleEncoder(config).eval()
    unsettle(model, generator)
    pictures = (torch.rand(2, 3, 16, 16, generator=generator) * 2 - 1).requires_grad_()
    z = model(pictures)
    probe = torch.randn(z.shape, generator=generator)
    (z * probe).sum().backward()
    values = {"pictures": pictures.permute(0, 2, 3, 1), "z": z, "probe": probe}
    values |= {"grad.pictures": pictures.grad.permute(0, 2, 3, 1)}
    write(out, "style-encoder", asdict(config), style_arrays(to_numpy(model.state_dict())), values)


def golden_stream(out: Path) -> None:
    generator = torch.Generator().manual_seed(12)
    channels = (8, (2, 4), (2, 4), (3, 6), (3, 6), (4, 8), (4, 8), (5, 10), (5, 10))
    config = stream.Config(24, 40, 6, 7, 5, stream.SPECIAL + len(SAID), 8, channels)
    model = tiny_stream(12, config)
    pictures = (torch.rand(2, 3, 24, 24, generator=generator) * 2 - 1).requires_grad_()
    f = model.features(pictures)
    # 'this flower has red petals </s>' and another; <s> comes before, inside.
    tokens = torch.tensor([[7, 5, 8, 3, 6, 1], [9, 10, 5, 11, 14, 12]])
    said = model.log_probabilities(f, tokens)
    said.sum().backward()
    state = torch.rand(2, config.hidden, generator=generator) * 2 - 1
    token = torch.tensor([stream.BEGIN, 13])
    following, logits = model.step(state, token)
    # The three captions that beam search finds for the first picture, `</s>` to the end, and their scores.
    with torch.no_grad():
        best = beam_search(model.step, model.start(f)[0], config.longest)
    values = {
        "pictures": pictures.permute(0, 2, 3, 1),
        "features": f,
        "tokens": tokens,
        "logProbabilities": said,
        "grad.pictures": pictures.grad.permute(0, 2, 3, 1),
        "similarity": model.similarity(f),
        "step.state": state,
        "step.token": token,
        "step.nextState": following,
        "step.logits": logits,
        "beam.tokens": torch.tensor([[*t, *[stream.END] * (config.longest - len(t))] for t, _ in best]),
        "beam.scores": torch.tensor([score for _, score in best]),
    }
    write(out, "stream", asdict(config), captioner_arrays(to_numpy(model.state_dict())), values)


def golden_critic(out: Path) -> None:
    generator = torch.Generator().manual_seed(14)
    torch.manual_seed(14)
    config = critic.Config(sentence=6, projection=5, channels=(4, 6))
    model = critic.Critic(config)
    model.train()
    for _ in range(20):  # lets the spectral norms settle
        model.trunk(torch.randn(2, 3, 16, 16, generator=generator))
    model.eval()
    pictures = (torch.rand(2, 3, 16, 16, generator=generator) * 2 - 1).requires_grad_()
    sentence = torch.randn(2, 6, generator=generator)
    trunk = model.trunk(pictures)
    (realism,), (match,) = model.realism(trunk), model.match(trunk, sentence)
    (realism.sum() + match.square().sum()).backward()
    values = {"pictures": pictures.permute(0, 2, 3, 1), "sentence": sentence, "realism": realism, "match": match}
    values |= {"grad.pictures": pictures.grad.permute(0, 2, 3, 1)}
    write(out, "critic", asdict(config), critic_arrays(model), values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    golden_generator(out)
    golden_encoder(out)
    golden_style_encoder(out)
    golden_stream(out)
    golden_critic(out)
    fixture_model(out.parent / "fixtures" / "models")


if __name__ == "__main__":
    main()
