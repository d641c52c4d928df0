"""Steps on a dozen flat faces: who moves, what a restart keeps in the midst of growing, what lands."""

import copy
import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import train_t2f as training
from checkpoint import load_weights
from growth import Growth, shrink
from losses import steepness
from models.t2f import Critic, CriticConfig

SMALL = ["--grow", "16", "16", "24", "--channels", "12", "8", "8", "--critic-channels", "8", "6", "4"]
SMALL += ["--batches", "8", "8", "8", "--look-from", "16", "--save-every", "24", "--log-every", "1", "--look", "64"]


@pytest.fixture
def trainer(face_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def make(pictures: int = 56, out: str = "out", *more: str) -> training.Trainer:
        given = ["--encoder", str(face_encoder), "--out", str(tmp_path / out), "--pictures", str(pictures)]
        monkeypatch.setattr(sys, "argv", ["train", *given, *SMALL, "--device", "cpu", *more])
        return training.Trainer(training.parse())

    return make


def copy_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return copy.deepcopy({name: p.detach() for name, p in module.named_parameters()})


def moved(before: dict[str, torch.Tensor], module: torch.nn.Module) -> set[str]:
    return {name for name, p in module.named_parameters() if not torch.equal(before[name], p)}


def test_growth():
    growth = Growth((100, 100, 400), fade=0.5, longest=100)
    assert growth.at(0) == growth.at(99) == (0, 1.0)
    assert growth.at(100) == (1, 1e-3)
    assert growth.at(125) == (1, 0.5) and growth.at(150) == growth.at(199) == (1, 1.0)
    assert growth.at(250) == (2, 0.5), "half of 400 would be longer than `longest`"
    assert growth.at(300) == growth.at(10_000) == (2, 1.0)
    assert growth.ends() == [100, 200]


def test_real_pictures_fade_as_painted_ones_do():
    real = torch.rand(2, 3, 16, 16)
    assert torch.equal(shrink(real, 16, 1.0), real)
    half = shrink(real, 8, 1.0)
    assert torch.allclose(half[0, 0, 0, 0], real[0, 0, :2, :2].mean())
    fading = shrink(real, 8, 0.5)
    blurred = half.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5)).repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(fading, (half + blurred) / 2, atol=1e-6)


def test_r1_is_the_squared_gradient():
    torch.manual_seed(1)
    critic = Critic(CriticConfig(sentence=6, channels=(5, 4), judge=7)).double()
    pictures, sentences = torch.rand(1, 3, 8, 8, dtype=torch.float64), torch.randn(1, 6, dtype=torch.float64)

    def judged(x: torch.Tensor) -> torch.Tensor:
        trunk = critic.trunk(x)
        return critic.realism(trunk)[0].sum().double() + critic.match(trunk, sentences)[0].sum().double()

    found = steepness(critic, pictures, sentences, 1.0)
    direction = torch.randn_like(pictures)
    x = pictures.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(judged(x), x)
    assert found.item() == pytest.approx(gradient.square().sum().item(), rel=1e-4)
    # And the gradient is one: a small step changes the judgement by as much.
    change = judged(pictures + 1e-3 * direction) - judged(pictures - 1e-3 * direction)
    assert change.item() == pytest.approx(2e-3 * (gradient * direction).sum().item(), rel=0.05, abs=1e-5)


def test_who_moved(trainer):
    it = trainer()
    for it.done, depth in ((0, 0), (20, 1), (40, 2)):
        before = {name: copy_of(getattr(it, name)) for name in ("generator", "critic", "far_critic", "average")}
        it.steps = 0
        figures = it.step()
        assert all(torch.isfinite(value) for value in figures.values()), figures
        found = {name: moved(before[name], getattr(it, name)) for name in before}
        # What is deeper than the pictures are large stays as it was drawn, and so does a critic that does not look yet.
        grown = {f"blocks.{d}" for d in range(depth)}
        for name in ("generator", "critic"):
            assert {n[:8] for n in found[name] if n.startswith("blocks.")} == grown, (name, depth)
        assert any(n.startswith(f"paints.{depth}") for n in found["generator"])
        assert bool(found["far_critic"]) == (depth == 2)
        assert "augmentation.moments.weight" in found["generator"] and "read.weight" in found["critic"]
        assert found["average"] == found["generator"]


def test_mixtures_stand_at_the_end_and_may_be_none(trainer):
    it = trainer()
    known = {tuple(row) for row in it.feed.sentences.tolist()}
    z, sentences, plain = it.conditions(8)
    assert z.shape == (8, 128) and plain.tolist() == [1] * 7 + [0]
    assert [tuple(row) in known for row in sentences.tolist()] == [True] * 7 + [False]
    it = trainer(8, "plain", "--interpolated", "0")
    assert it.conditions(8)[2].all() and torch.isfinite(it.step()["loss_g"])


def test_pairs_repeat_a_description_with_another_z(trainer):
    z, sentences, plain = trainer().conditions(16, 4)
    assert torch.equal(sentences[12:], sentences[:4]) and not torch.equal(z[12:], z[:4])
    assert plain.tolist() == [1] * 9 + [0] * 3 + [1] * 4
    assert not torch.equal(sentences[9:12], sentences[:3]), "mixtures stand clear of the pairs"


def test_two_faces_of_one_description_are_held_apart(trainer):
    """Only from where the second critic looks, and only as far as is asked."""
    it = trainer(56, "apart", "--apart", "50", "--pairs", "0.25")
    it.done = 0
    assert it.step()["apart"] == 0
    it.done = 40
    asked = it.step()
    assert asked["apart"] > 0
    enough = trainer(56, "enough", "--apart", "0", "--pairs", "0.25")
    enough.done = 40
    content = enough.step()
    assert asked["loss_g"] - content["loss_g"] > 6 * 40


def test_the_steps_are_apart(trainer):
    """The critics' step leaves the generator alone, and the generator's leaves them."""
    it = trainer()
    it.done, seen = 40, {}

    def watch(name: str, optimiser: torch.optim.Optimizer) -> None:
        step = optimiser.step

        def watched() -> None:
            before = {k: copy_of(getattr(it, k)) for k in ("generator", "critic", "far_critic")}
            step()
            seen[name] = {k for k in before if moved(before[k], getattr(it, k))}

        optimiser.step = watched

    watch("critics", it.optimiser_d)
    watch("generator", it.optimiser_g)
    it.step()
    assert seen == {"critics": {"critic", "far_critic"}, "generator": {"generator"}}


def test_tuning_moves_only_what_paints_the_smaller_pictures(trainer):
    it = trainer()
    z, sentence, noise = it.feed.normal(4, 128), it.feed.described(4), it.feed.normal(4, 128)
    mean, log_variance = it.generator.augmentation(sentence)
    maps = it.generator.features(z, mean + log_variance * noise, 2)
    it.tuning(maps, it.generator.paint(maps), 1.0).backward()
    assert {n.split(".")[1] for n, p in it.generator.named_parameters() if p.grad is not None} == {"0", "1"}
    assert all(n.startswith("paints.") for n, p in it.generator.named_parameters() if p.grad is not None)


def test_a_resumed_run_is_the_run_that_never_stopped(trainer, tmp_path):
    trainer(56, "whole").run()
    for pictures in (24, 56):  # the first in the midst of a fade
        trainer(pictures, "parts").run()
    whole, parts = trainer(56, "whole"), trainer(56, "parts")
    for name in ("generator", "average", "critic", "far_critic"):
        mine, other = getattr(whole, name).state_dict(), getattr(parts, name).state_dict()
        assert [k for k in mine if not torch.equal(mine[k], other[k])] == [], name
    assert whole.done == parts.done == 56 and whole.steps == parts.steps == 7
    with open(tmp_path / "parts" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["pictures"]) for row in rows] == [8, 16, 24, 32, 40, 48, 56]
    weights, metadata = load_weights(tmp_path / "parts" / "landed.safetensors")
    assert (metadata["architecture"], metadata["pictures"], metadata["grown"]) == ("t2f", 56, [2, 1.0])
    assert all(tensor.isfinite().all() for tensor in weights.values())
    assert {k.split(".")[0] for k in weights} == {"generator", "critic", "far_critic"}


def test_two_processes_train_as_one(tiny_folder, face_encoder, tmp_path):
    """The command under torchrun: one process alone writes, a restart goes on, in the midst of a fade."""
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    given = {"LIMN_DATA": str(tiny_folder / "data"), "LIMN_CACHE": str(tiny_folder / "cache"), "OMP_NUM_THREADS": "1"}
    for pictures in (24, 48):  # the second looks through the frozen network too
        command = ["train_t2f.py", "--encoder", str(face_encoder), "--out", str(tmp_path), "--pictures", str(pictures)]
        done = subprocess.run(
            [*launch, *command, *SMALL, "--device", "cpu"],
            cwd=Path(__file__).parents[1],
            env=os.environ | given,
            capture_output=True,
            text=True,
            timeout=500,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        weights, metadata = load_weights(tmp_path / "landed.safetensors")
        assert metadata["pictures"] == pictures
        assert all(tensor.isfinite().all() for tensor in weights.values())
    with open(tmp_path / "log.csv") as file:
        assert [int(row["pictures"]) for row in csv.DictReader(file)] == [8, 16, 24, 32, 40, 48]


def test_landed_weights_are_gone_on_from(trainer, tmp_path):
    trainer(56, "before").run()
    landed = tmp_path / "before" / "landed.safetensors"
    it, kept = trainer(80, "after", "--init", str(landed)), load_weights(landed)[0]
    assert it.done == 56
    for name in ("generator", "average", "critic", "far_critic"):
        prefix = "generator" if name == "average" else name
        state = getattr(it, name).state_dict()
        assert all(
            torch.allclose(v.half().float(), kept[f"{prefix}.{k}"]) for k, v in state.items() if "scale" not in k
        )
    it.run()
    assert trainer(80, "after", "--init", str(landed)).done == 80, "a checkpoint comes before what lies in --init"


def test_critics_may_watch_before_the_generator_moves(trainer, tmp_path):
    """What ships has no critics: new ones have to learn first, or they would spoil it."""
    trainer(56, "before").run()
    landed = str(tmp_path / "before" / "landed.safetensors")
    it = trainer(72, "watching", "--init", landed, "--watch", "16")
    before = {name: copy_of(getattr(it, name)) for name in ("generator", "critic", "far_critic", "average")}
    for _ in range(2):
        assert it.step()["loss_g"] == 0
    assert {name for name in before if moved(before[name], getattr(it, name))} == {"critic", "far_critic"}
    assert it.done == 56
    it.save()
    it = trainer(72, "watching", "--init", landed, "--watch", "16")
    assert it.step()["loss_g"] != 0 and it.done == 64, "a restart does not watch again"
    assert moved(before["generator"], it.generator)


def test_a_run_that_watches_is_saved_and_timed_as_any_other(trainer, tmp_path, monkeypatch):
    trainer(56, "before").run()
    landed = str(tmp_path / "before" / "landed.safetensors")
    it, saves, save = trainer(72, "watching", "--init", landed, "--watch", "48"), [], training.Trainer.save

    def saved(one: training.Trainer) -> None:
        saves.append((one.done, one.watched))
        save(one)

    monkeypatch.setattr(training.Trainer, "save", saved)
    it.run()
    assert saves == [(56, 16), (56, 40), (72, 48), (72, 48)], "every 24 pictures, and at the end"
    with open(tmp_path / "watching" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["pictures"]) for row in rows] == [56] * 6 + [64, 72]
    assert all(float(row["pictures_per_second"]) > 0 for row in rows)


def test_other_processes_do_not_watch_the_same_pictures_again(trainer):
    it = trainer()
    seeds = []
    for it.rank, it.watched in ((1, 16), (1, 32), (2, 32)):
        it.share([])
        seeds.append(it.random.initial_seed())
    assert seeds == [1017, 1033, 2033]
