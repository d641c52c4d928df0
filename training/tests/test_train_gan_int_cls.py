"""Steps on a dozen flat pictures with a small generator: who moves, what a restart keeps, two processes as one."""

import copy
import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import train_gan_int_cls as training
from checkpoint import load_weights, prefixed

ROOM = Path(__file__).parents[1]
SMALL = ["--batch", "8", "--channels", "16", "16", "8", "8", "8", "--save-every", "16", "--log-every", "1"]


def arguments(tiny: Path, out: Path, pictures: int) -> list[str]:
    given = ["--encoder", str(tiny / "encoder.safetensors"), "--out", str(out), "--pictures", str(pictures)]
    return [*given, *SMALL, "--device", "cpu"]


@pytest.fixture
def trainer(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def make(pictures: int = 24, out: str = "out", *more: str) -> training.Trainer:
        monkeypatch.setattr(sys, "argv", ["train", *arguments(tiny, tmp_path / out, pictures), *more])
        return training.Trainer(training.parse())

    return make


def copy_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return copy.deepcopy({name: p.detach() for name, p in module.named_parameters()})


def moved(before: dict[str, torch.Tensor], module: torch.nn.Module) -> set[str]:
    return {name for name, p in module.named_parameters() if not torch.equal(before[name], p)}


def everything(trainer: training.Trainer) -> dict[str, torch.Tensor]:
    modules = {"g": trainer.generator, "a": trainer.average, "d": trainer.critic}
    return {f"{k}.{name}": t.clone() for k, m in modules.items() for name, t in m.state_dict().items()}


def test_who_moved(trainer):
    it = trainer()
    seen = {}

    def watch(name: str, optimiser: torch.optim.Optimizer) -> None:
        step = optimiser.step

        def watched() -> None:
            before = copy_of(it.generator), copy_of(it.critic)
            step()
            seen[name] = moved(before[0], it.generator), moved(before[1], it.critic)
            if name == "critic":
                seen["gradients"] = {n: p.grad.clone() for n, p in it.critic.named_parameters()}

        optimiser.step = watched

    watch("critic", it.optimiser_d)
    watch("generator", it.optimiser_g)
    frozen = {name: b.clone() for name, b in it.frozen.named_buffers()}
    average = copy_of(it.average)
    losses = it.step()

    generator_moved, critic_moved = seen["critic"]
    assert generator_moved == set(), "the critic's step leaves the generator alone"
    # While every logit lies between the margins, real and fake pull equally at this bias.
    still = {name for name, _ in it.critic.named_parameters()} - critic_moved
    assert all(name.endswith("realism.bias") for name in still), still
    generator_moved, critic_moved = seen["generator"]
    assert critic_moved == set(), "the generator's step leaves the critic alone"
    assert generator_moved == {name for name, _ in it.generator.named_parameters()}
    for name, p in it.critic.named_parameters():
        assert torch.equal(p.grad, seen["gradients"][name]), f"{name}: the generator's loss reached the critic"
    assert all(torch.equal(b, frozen[name]) for name, b in it.frozen.named_buffers())
    assert moved(average, it.average), "the average follows"
    assert set(losses) == {"loss_d", "loss_g", "match_margin", "apart"}
    assert all(torch.isfinite(value) for value in losses.values())
    assert it.done == 8


def test_mixtures_and_pairs_stand_apart(trainer):
    it = trainer()
    z, sentences, plain = it.conditions()
    pairs, mixed = 2, 2  # a quarter of eight each
    assert z.shape == (8, 100) and sentences.shape == (8, 256)
    assert plain.tolist() == [1, 1, 1, 1, 0, 0, 1, 1]
    assert torch.equal(sentences[-pairs:], sentences[:pairs]) and not torch.equal(z[-pairs:], z[:pairs])
    known = [any(torch.equal(s, row) for row in it.feed.sentences) for s in sentences]
    assert known == [True] * 4 + [False] * mixed + [True] * pairs


def test_a_resumed_run_is_the_run_that_never_stopped(trainer, tmp_path):
    trainer(32, "whole").run()
    whole = everything(trainer(32, "whole"))
    trainer(16, "parts").run()
    assert (tmp_path / "parts" / "checkpoint.pt").exists()
    resumed = trainer(32, "parts")
    assert resumed.done == 16
    resumed.run()
    found = everything(trainer(32, "parts"))
    assert found.keys() == whole.keys()
    assert [name for name in whole if not torch.equal(whole[name], found[name])] == []
    with open(tmp_path / "parts" / "log.csv") as file:
        assert [int(row["pictures"]) for row in csv.DictReader(file)] == [8, 16, 24, 32]
    assert len(list((tmp_path / "parts" / "sheets").iterdir())) == 2


def test_landed_weights_are_a_start(trainer, tmp_path):
    trainer(16, "first").run()
    landed = tmp_path / "first" / "landed.safetensors"
    weights, metadata = load_weights(landed)
    assert metadata["pictures"] == 16 and metadata["config"]["channels"] == [16, 16, 8, 8, 8]
    it = trainer(24, "second", "--init", str(landed))
    assert it.done == 16
    for module in (it.generator, it.average):
        assert torch.equal(module.seed.weight, weights["generator.seed.weight"])
    assert torch.equal(
        it.critic.heads["fire9"].realism.parametrizations.weight.original,
        weights["critic.heads.fire9.realism.parametrizations.weight.original"],
    )
    it.run()
    assert it.done == 24


def test_the_own_critic_of_landed_weights_goes_on(trainer, tmp_path):
    trainer(16, "first", "--own-critic").run()
    landed = tmp_path / "first" / "landed.safetensors"
    kept = prefixed(load_weights(landed)[0], "own.")
    it = trainer(24, "second", "--init", str(landed), "--own-critic")
    assert [name for name, t in it.own.critic.state_dict().items() if not torch.equal(t, kept[name])] == []
    it.run()
    trainer(16, "without").run()
    joined = trainer(24, "third", "--init", str(tmp_path / "without" / "landed.safetensors"), "--own-critic")
    assert joined.done == 16, "it may join where the weights hold none"


TWO = """
import sys, torch, torch.distributed as dist
import own_critic, parallel
with parallel.processes("cpu"):
    torch.manual_seed(1)
    own = own_critic.OwnCritic(torch.device("cpu"), own_critic.Config(sentence=6, projection=4, channels=(4, 4)))
    torch.manual_seed(10 + dist.get_rank())
    for _ in range(2):
        own.step(*torch.randn(2, 3, 3, 16, 16), tuple(torch.randn(3, 3, 6)), torch.ones(3))
    torch.save(own.critic.state_dict(), f"{sys.argv[1]}/{dist.get_rank()}.pt")
"""


def test_the_own_critic_of_two_processes_is_one(tmp_path):
    (tmp_path / "two.py").write_text(TWO)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    given = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOM)}
    done = subprocess.run(
        [*launch, str(tmp_path / "two.py"), str(tmp_path)],
        env=os.environ | given,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    one, other = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    assert [name for name, t in one.items() if not torch.equal(t, other[name])] == []


def run(tiny: Path, out: Path, pictures: int, processes: int) -> subprocess.CompletedProcess:
    launch = [sys.executable]
    if processes > 1:
        launch += ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    given = {"LIMN_DATA": str(tiny / "data"), "LIMN_CACHE": str(tiny / "cache"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [*launch, "train_gan_int_cls.py", *arguments(tiny, out, pictures)],
        cwd=ROOM,
        env=os.environ | given,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_the_command_trains_saves_and_resumes(tiny_folder, tmp_path, processes):
    for pictures in (24, 32):
        done = run(tiny_folder, tmp_path / "out", pictures, processes)
        assert done.returncode == 0, done.stderr[-3000:]
        weights, metadata = load_weights(tmp_path / "out" / "landed.safetensors")
        assert metadata["pictures"] == pictures
        assert all(tensor.isfinite().all() for tensor in weights.values())
    with open(tmp_path / "out" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["pictures"]) for row in rows] == [8, 16, 24, 32], "one process alone writes"


def test_the_own_critic_watches_and_is_not_heard(trainer, tmp_path):
    plain, watched = trainer(16, "plain"), trainer(16, "watched", "--own-critic")
    before = copy_of(watched.own.critic)
    for it in (plain, watched):
        it.run()
    assert moved(before, watched.own.critic), "it learns"
    for name in ("generator", "critic"):
        other = dict(getattr(plain, name).named_parameters())
        assert all(torch.equal(p, other[n]) for n, p in getattr(watched, name).named_parameters()), name
    weights, metadata = load_weights(tmp_path / "watched" / "landed.safetensors")
    assert metadata["own"]["channels"] == [32, 64, 128, 256] and any(k.startswith("own.") for k in weights)
    # It may join a run that began without it, and stays when the run goes on.
    joined = trainer(24, "plain", "--own-critic")
    assert joined.done == 16
    joined.run()
    again = trainer(24, "plain", "--own-critic")
    assert moved(copy_of(joined.own.critic), again.own.critic) == set()


def test_the_variants_differ_in_what_they_hear(trainer):
    shares, losses = {}, {}
    for variant in training.VARIANTS:
        shares[variant] = int((trainer(8, variant, "--variant", variant).conditions()[2] == 0).sum())
        # Without mixtures all draw alike, from the same weights: only the terms differ.
        losses[variant] = trainer(8, variant, "--variant", variant, "--interpolated", "0").step()["loss_d"].item()
    assert shares == {"gan": 0, "cls": 0, "int": 2, "int-cls": 2}
    assert losses["gan"] == losses["int"] != losses["cls"] == losses["int-cls"]


def test_the_captions_come_to_count(trainer):
    it = trainer(8, "late", "--matching-from", "20000")
    weights = []
    for it.done in (0, 20_000, 25_000, 30_000, 99_000):
        weights.append(it.matching())
    assert weights == [0, 0, 0.5, 1, 1]
    assert trainer(8, "plain").matching() == 1

    def losses(done: int, others: bool) -> list[float]:
        it = trainer(8, "late", "--matching-from", "20000")
        it.done = done
        match = it.critic.match
        if others:
            it.critic.match = lambda trunks, sentences: match(trunks, sentences.flip(1))
        found = it.step()
        return [found[name].item() for name in ("loss_d", "loss_g")]

    assert losses(0, True) == losses(0, False)
    assert all(a != b for a, b in zip(losses(30_000, True), losses(30_000, False), strict=True))


def test_of_the_mixtures_some_are_captions_that_nobody_wrote(trainer):
    it = trainer(8, "composed", "--interpolated", "0.5", "--composed", "0.5")
    _, sentences, plain = it.conditions()

    def among(those: torch.Tensor) -> list[bool]:
        return (sentences[:, None] == those[None]).all(2).any(1).tolist()

    assert plain.tolist() == [1, 1, 0, 0, 0, 0, 1, 1], "the pairs stand last"
    assert among(it.feed.untrue[it.feed.has_untrue])[4:6] == [True, True]
    # A tiny set's contrary captions may be another picture's own; a blend is nobody's.
    written = among(torch.cat([it.feed.sentences, it.feed.untrue]))
    assert written == [True, True, False, False, True, True, True, True]


def test_a_run_that_goes_on_otherwise_says_so(trainer, capsys):
    trainer(16).run()
    capsys.readouterr()
    trainer(24, "out", "--log-every", "2")
    assert capsys.readouterr().out == ""
    trainer(24, "out", "--contrary", "0.5")
    assert capsys.readouterr().out == "--contrary is 0.5 from here on; it was 0.0\n"
