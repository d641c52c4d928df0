"""Steps on a dozen flat faces: who moves, what a restart keeps in the midst of growing, what lands."""

import copy
import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import data
import train_face_encoder
import train_t2f as training
from checkpoint import load_weights
from face_attributes import ATTRIBUTES, bit_table, bits
from face_feed import FaceFeed, balance, tell_all, tokens_of
from growth import Growth, shrink
from losses import steepness
from models.stem import PADDING, UNKNOWN
from models.t2f import Critic, CriticConfig
from models.t2f_encoder import load_encoder
from sentences import embed_captions

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
    assert {k.split(".")[0] for k in weights} == {"generator", "critic"}


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


def test_mismatches_say_something_wrong(face_encoder):
    feed = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1))
    told = feed.told
    everyone = torch.arange(12)
    for which in range(10):
        assert told.true_of(everyone, torch.full((12,), which), everyone).all(), "all that is said of a face is true"
    random = feed.random.get_state()
    rows, _ = feed.pick(64)
    feed.random.set_state(random)
    _, _, mismatching = feed.real(64)
    owners = [int((feed.sentences == m).all(1).nonzero()[0]) for m in mismatching]
    lies = [
        not told.true_of(torch.tensor(o // 10), torch.tensor(o % 10), row) for o, row in zip(owners, rows, strict=True)
    ]
    assert sum(lies) > 60, "of eight descriptions one is wrong, nearly always"


def test_contrary_mismatches_are_of_this_very_face(face_encoder):
    feed = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1), 1.0)
    random = feed.random.get_state()
    rows, _ = feed.pick(64)
    feed.random.set_state(random)
    _, _, mismatching = feed.real(64)
    owners = [(feed.untrue == m).all(1).nonzero().flatten() // feed.each for m in mismatching]
    assert all(row in owner for owner, row in zip(owners, rows, strict=True))
    half = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1), 0.5).real(400)[2]
    untrue = {tuple(row.tolist()) for row in feed.untrue}
    assert 120 < sum(tuple(row.tolist()) in untrue for row in half) < 280


def test_who_is_seldom_comes_more_often():
    rows = [["Male", "No_Beard"]] * 98 + [["Wearing_Hat", "No_Beard"], ["Male"]]
    weights = balance(data.Faces(None, rows, [str(i) for i in range(100)]))
    assert weights[0] == 1 and weights[98] == weights[99] == 3


def test_bits():
    assert len(ATTRIBUTES) == 40
    table = bit_table(torch.tensor([bits(["Young", "Bald"]), 0]))
    assert table.shape == (2, 40) and table.sum(1).tolist() == [2, 0]
    assert table[0, ATTRIBUTES.index("Young")] == table[0, ATTRIBUTES.index("Bald")] == 1


def test_the_encoder_learns_to_read_and_is_standardised(face_encoder):
    model, known = load_encoder(face_encoder)
    faces = data.load_faces("train", 17)
    sentences = torch.cat(embed_captions(face_encoder, tell_all(faces).texts))
    assert torch.allclose(sentences.mean(0), torch.zeros(128), atol=0.02)
    assert torch.allclose(sentences.std(0), torch.ones(128), atol=0.02)
    assert known == sorted(known) and {"man", "glasses", "not"} <= set(known)
    tokens = tokens_of(["A man with zzyx glasses.", "!!"], known, model.config.longest)
    assert (tokens[0] == UNKNOWN).sum() == 1 and tokens[1].tolist() == [UNKNOWN, *[PADDING] * 4]
    with open(face_encoder.parent / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])


def test_strangers_come_between_and_nothing_is_lost():
    tokens = torch.tensor([[2, 3, 4, 5, 0, 0]] * 40)
    told = train_face_encoder.with_strangers(tokens, 0.0, torch.Generator().manual_seed(1))
    lengths = set()
    for row in told:
        said = row[row != PADDING]
        lengths.add(len(said))
        assert said[said != UNKNOWN].tolist() == [2, 3, 4, 5]
    assert 4 in lengths and max(lengths) <= 12 and len(lengths) > 3
    hidden = train_face_encoder.with_strangers(tokens, 1.0, torch.Generator().manual_seed(1))
    assert set(hidden.flatten().tolist()) <= {PADDING, UNKNOWN}


def test_only_honest_negatives_count():
    text, picture = torch.randn(3, 4), torch.randn(3, 4)
    scale = torch.tensor(0.0)
    honest = ~torch.eye(3, dtype=torch.bool)
    assert train_face_encoder.contrast(text, picture, scale, torch.zeros(3, 3, dtype=torch.bool)) < 1e-6
    assert train_face_encoder.contrast(text, picture, scale, honest) > 0.1
