"""The published baseline on a dozen flat pictures: who moves, what each variant hears, what a restart keeps."""

import argparse

import pytest
import torch

import train_dcgan
from checkpoint import load_weights
from painted import load_generator


@pytest.fixture
def baseline(tiny, tmp_path):
    def make(variant: str = "int-cls", out: str = "out", seconds: float = 0) -> train_dcgan.Baseline:
        encoder = tiny / "encoder.safetensors"
        return train_dcgan.Baseline(
            argparse.Namespace(encoder=encoder, out=tmp_path / out, variant=variant, seconds=seconds, batch=4, seed=1)
        )

    return make


def all_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in module.named_parameters()}


def test_each_step_moves_its_own(baseline):
    it = baseline()
    seen = {}
    for name, optimiser in (("critic", it.optimiser_d), ("generator", it.optimiser_g)):

        def watched(name=name, step=optimiser.step) -> None:
            before = all_of(it.generator), all_of(it.critic)
            step()
            after = all_of(it.generator), all_of(it.critic)
            seen[name] = [any(not torch.equal(b[k], a[k]) for k in b) for b, a in zip(before, after, strict=True)]

        optimiser.step = watched
    it.step()
    assert seen == {"critic": [False, True], "generator": [True, False]}


def test_the_variants_differ_in_what_they_hear(baseline):
    losses = {variant: baseline(variant).step() for variant in train_dcgan.VARIANTS}
    # The same draws and the same weights: only the terms differ.
    assert losses["gan"]["loss_d"] == losses["int"]["loss_d"] != losses["cls"]["loss_d"]
    assert losses["cls"]["loss_d"] == losses["int-cls"]["loss_d"]
    assert losses["int"]["loss_g"] > losses["gan"]["loss_g"]


def test_stops_by_processor_time_and_goes_on(baseline, tmp_path):
    it = baseline(seconds=0.001)
    it.run()
    assert it.done == 4
    again = baseline(seconds=it.spent + 0.001)
    assert again.done == 4 and again.spent == it.spent
    again.run()
    assert again.done == 8
    assert load_weights(tmp_path / "out" / "landed.safetensors")[1]["pictures"] == 8
    painted = load_generator(tmp_path / "out" / "landed.safetensors")(torch.zeros(2, 100), torch.zeros(2, 256))
    assert painted.shape == (2, 3, 64, 64)
