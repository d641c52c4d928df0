"""Writes tests/golden/*.safetensors: tiny networks with random weights, their inputs, outputs and gradients, for the
TypeScript ports to agree with.

    python golden.py [--out ../tests/golden]
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import torch

from arrays import (
    critic_arrays,
    equalised_arrays,
    generator_arrays,
    glam_arrays,
    glam_config,
    style_arrays,
    t2f_arrays,
    to_numpy,
)
from golden_file import write
from golden_words import golden_encoder, golden_stem, golden_stream, golden_t2f_encoder
from models import critic, gan_int_cls, glam, style_encoder, t2f
from models.attention import ABSENT
from tiny import fixture_mirror, fixture_model, unsettle

OUT = Path(__file__).parents[1] / "tests" / "golden"


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


def golden_glam(out: Path) -> None:
    generator = torch.Generator().manual_seed(17)
    torch.manual_seed(17)
    config = glam.Config(6, 10, 8, 5, channels=(8, 6), stages=((7, 5), (5, 4)), residuals=1)
    model = glam.Glam(config).eval()
    unsettle(model, generator)
    for paint in model.paint:  # so that later stages add something to see
        torch.nn.init.normal_(paint.weight, std=0.3, generator=generator)
    z, sentence = (torch.randn(2, n, generator=generator, requires_grad=True) for n in (config.z, config.sentence))
    words = torch.randn(2, 5, config.word, generator=generator, requires_grad=True)
    noise = torch.randn(2, config.condition, generator=generator)
    # The second caption has three words, of which one counts for half.
    weight = torch.zeros(2, 5)
    weight[1, 1], weight[1, 3:] = float(torch.tensor(0.5).log()), ABSENT
    found = model(z, sentence, words, weight, noise)
    probe = torch.randn(found.pictures[2].shape, generator=generator)
    (found.pictures[2] * probe).sum().backward()
    values = {"z": z, "sentence": sentence, "words": words, "weight": weight, "noise": noise}
    values |= {f"pictures.{i}": picture.permute(0, 2, 3, 1) for i, picture in enumerate(found.pictures)}
    values |= {f"attention.{i}": attention for i, attention in enumerate(found.attention, 1)}
    values |= {"probe": probe.permute(0, 2, 3, 1)}
    values |= {"grad.z": z.grad, "grad.sentence": sentence.grad, "grad.words": words.grad}
    arrays = glam_arrays(to_numpy(model.state_dict()), config, 2)
    write(out, "glam", glam_config(config, 2), arrays, values)


def golden_t2f(out: Path) -> None:
    generator = torch.Generator().manual_seed(19)
    torch.manual_seed(19)
    config = t2f.Config(z=6, sentence=10, condition=5, channels=(12, 8, 6))
    model = t2f.Generator(config).eval()
    unsettle(model, generator)
    z, sentence, noise = (
        torch.randn(3, n, generator=generator, requires_grad=True)
        for n in (config.z, config.sentence, config.condition)
    )
    pictures = model(z, sentence, noise)
    probe = torch.randn(pictures.shape, generator=generator)
    (pictures * probe).sum().backward()
    values = {"z": z, "sentence": sentence, "noise": noise, "pictures": pictures.permute(0, 2, 3, 1)}
    values |= {"probe": probe.permute(0, 2, 3, 1)}
    values |= {"grad.z": z.grad, "grad.sentence": sentence.grad, "grad.noise": noise.grad}
    # On its way up, and by the sentence's own condition.
    for depth, alpha in ((0, 1.0), (1, 0.25), (2, 0.75)):
        grown = model(z, sentence, noise, depth, alpha)
        values[f"grown.{depth}"] = grown.permute(0, 2, 3, 1)
    values["own"] = model(z, sentence).permute(0, 2, 3, 1)
    write(out, "t2f", asdict(config), t2f_arrays(model), values)


def golden_t2f_critic(out: Path) -> None:
    generator = torch.Generator().manual_seed(20)
    torch.manual_seed(20)
    config = t2f.CriticConfig(sentence=6, channels=(5, 4, 3), judge=7)
    model = t2f.Critic(config).eval()
    unsettle(model, generator)
    pictures = (torch.rand(3, 3, 16, 16, generator=generator) * 2 - 1).requires_grad_()
    sentence = torch.randn(3, config.sentence, generator=generator)
    trunk = model.trunk(pictures)
    (realism,), (match,) = model.realism(trunk), model.match(trunk, sentence)
    (realism.sum() + match.square().sum()).backward()
    values = {"pictures": pictures.permute(0, 2, 3, 1), "sentence": sentence, "realism": realism, "match": match}
    values |= {"grad.pictures": pictures.grad.permute(0, 2, 3, 1)}
    fading = model.trunk(pictures, 0.25)
    values |= {"fading.realism": model.realism(fading)[0], "fading.match": model.match(fading, sentence)[0]}
    write(out, "t2f-critic", asdict(config), equalised_arrays(model), values)


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
    golden_stem(out)
    golden_glam(out)
    golden_t2f_encoder(out)
    golden_t2f(out)
    golden_t2f_critic(out)
    fixture_model(out.parent / "fixtures" / "models")
    fixture_mirror(out.parent / "fixtures" / "models")


if __name__ == "__main__":
    main()
