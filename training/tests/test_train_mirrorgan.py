"""Steps on a dozen flat pictures with a small cascade: who moves in which stage, what a restart keeps, and where it may
begin; and STEM's own training."""

import copy
import re
import sys
from pathlib import Path

import pytest
import torch

import train_mirrorgan as training
import train_stem
from checkpoint import fingerprint, load_weights, save_weights
from models import gan_int_cls
from models.glam import Config
from models.projected_critic import Config as CriticConfig
from models.projected_critic import ProjectedCritic
from models.regions import Regions
from models.stem import SPECIAL, Stem, load_stem, save_stem
from models.stem import Config as StemConfig
from models.stream import SPECIAL as SAID
from models.stream import Config as StreamConfig
from models.stream import save_stream
from painted import paint
from tiny import tiny_stream

SMALL = Config(channels=(16, 16, 8, 8, 8), stages=((8, 8),), residuals=1)
WORDS = ["a", "blue", "flower", "has", "petals", "red", "this", "white", "yellow"]


@pytest.fixture
def around(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with STEM, its picture side, and a captioner, none of which has learnt anything."""
    monkeypatch.setattr(training, "Config", lambda: SMALL)
    torch.manual_seed(7)
    save_stem(tmp_path / "stem.safetensors", Stem(StemConfig(SPECIAL + len(WORDS), word=8)), WORDS, {})
    save_weights(tmp_path / "regions.safetensors", Regions(256).state_dict(), {"word": 256})
    channels = (8, (4, 4), (4, 4), (4, 6), (4, 6), (4, 8), (4, 8), (4, 8), (4, 8))
    captioner = tiny_stream(13, StreamConfig(64, 40, 12, 16, 8, SAID + len(WORDS), 12, channels))
    save_stream(tmp_path / "captioner.safetensors", captioner, WORDS, {})
    return tmp_path


@pytest.fixture
def trainer(around: Path, monkeypatch: pytest.MonkeyPatch):
    def make(size: int = 128, pictures: int = 16, out: str = "out", *more: str) -> training.Trainer:
        given = ["--stem", str(around / "stem.safetensors"), "--captioner", str(around / "captioner.safetensors")]
        given += ["--out", str(around / out), "--size", str(size), "--pictures", str(pictures), "--device", "cpu"]
        given += ["--batch", "8", "--save-every", "8", "--log-every", "1", *more]
        monkeypatch.setattr(sys, "argv", ["train", *given])
        return training.Trainer(training.parse())

    return make


def moved(before: dict[str, torch.Tensor], module: torch.nn.Module) -> set[str]:
    return {name for name, p in module.named_parameters() if not torch.equal(before[name], p)}


def copy_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return copy.deepcopy({name: p.detach() for name, p in module.named_parameters()})


def test_the_commands_that_stand_above_it_find_their_files():
    room = Path(training.__file__).parent
    shipped = [room / name for name in re.findall(r"weights/\S+", training.__doc__)]
    assert len(shipped) == 2 and all(path.exists() for path in shipped)
    (regions,) = re.findall(r"--regions (\S+\.safetensors)", training.__doc__)
    _, metadata = load_weights(shipped[0].with_name(regions))
    assert metadata["word"] == load_stem(shipped[0])[0].config.hidden * 2


@pytest.mark.parametrize("size", [64, 128])
def test_a_stage_moves_alone(trainer, size: int):
    it = trainer(size)
    before, critics, captioner = copy_of(it.generator), copy_of(it.critics), copy_of(it.captioner)
    statistics = it.generator.blocks[0].norm1.norm.running_mean.clone()
    losses = it.step()
    assert all(torch.isfinite(v) for v in losses.values())
    mine = {n for n in before if n.startswith(("stages.", "paint.1.")) == (size == 128)}
    assert moved(before, it.generator) == mine
    stage = "0." if size == 64 else "1."
    assert moved(critics, it.critics) >= {n for n in critics if n.startswith(stage) and n.endswith("original")}
    assert all(n.startswith(stage) for n in moved(critics, it.critics))
    assert moved(captioner, it.captioner) == set()
    assert torch.equal(statistics, it.generator.blocks[0].norm1.norm.running_mean) == (size == 128)
    assert ("kl" in losses) == (size == 64) and ("align" in losses) == (size == 128)


def test_each_term_has_a_switch(trainer):
    off = ("--mirror", "0", "--seeking", "0", "--match", "0")
    it = trainer(128, 16, "out", *off, "--align", "0", "--no-sentence-attention")
    assert not any("attend_sentence" in name for name, _ in it.generator.named_parameters())
    assert set(it.step()) == {"loss_d", "loss_g", "match_margin"}

    def first(out: str, *more: str) -> dict[str, float]:
        return {name: float(loss.detach()) for name, loss in trainer(64, 16, out, *more).step().items()}

    # The same first step three times: what the generator's loss differs by is the term.
    bare, divergent = first("bare", *off, "--kl", "0"), first("divergent", *off)
    assert divergent["kl"] > 0
    assert divergent["loss_g"] - bare["loss_g"] == pytest.approx(divergent["kl"], rel=1e-3, abs=1e-4)
    matched = first("matched", *off[:4], "--kl", "0")
    assert matched["loss_g"] != bare["loss_g"]
    # The critic learns to match whether or not the generator is asked to.
    assert matched["loss_d"] == bare["loss_d"]


def test_lower_stages_may_go_along_slowly(trainer):
    it = trainer(128, 16, "out", "--lower", "0.1")
    assert [group["lr"] for group in it.optimiser_g.param_groups] == pytest.approx([2e-4, 2e-3, 2e-5])
    before, critics = copy_of(it.generator), copy_of(it.critics)
    it.step()
    assert moved(before, it.generator) == set(before)
    assert moved(critics, it.critics) >= {n for n in critics if n.endswith("original")}


def test_a_restart_goes_on_where_it_stopped(trainer):
    whole = trainer(128, 16, "whole")
    whole.run()
    trainer(128, 8, "parts").run()
    again = trainer(128, 16, "parts")
    assert again.done == 8
    again.run()
    for name, value in whole.generator.state_dict().items():
        assert torch.equal(value, again.generator.state_dict()[name]), name


def test_a_run_may_begin_with_the_flower_generator(trainer, around: Path):
    torch.manual_seed(8)
    flowers = gan_int_cls.Generator(gan_int_cls.Config(channels=SMALL.channels)).eval()
    critic = ProjectedCritic(CriticConfig())
    tensors = {f"generator.{k}": v for k, v in flowers.state_dict().items()}
    tensors |= {f"critic.{k}": v for k, v in critic.state_dict().items()}
    save_weights(around / "flowers.safetensors", tensors, {"pictures": 5})
    it = trainer(64, 16, "out", "--init", str(around / "flowers.safetensors"))
    z, sentence = torch.randn(2, 100), torch.randn(2, 256)
    still = torch.zeros(2, SMALL.condition)
    with torch.no_grad():
        mine = it.average(z, sentence, torch.zeros(2, 1, 256), torch.zeros(2, 1), still, 0).pictures[0]
        # It paints what the flower generator paints of the same sentence.
        torch.testing.assert_close(mine, flowers(z, sentence), atol=1e-5, rtol=1e-4)
    it.save()
    assert load_weights(around / "out" / "landed.safetensors")[1]["pictures"] == 5


def test_a_second_stage_may_differ_from_what_had_not_learnt(trainer, around: Path):
    trainer(64, 8).run()
    landed = str(around / "out" / "landed.safetensors")
    it = trainer(128, 16, "next", "--init", landed, "--no-sentence-attention")
    assert it.before == 8
    first = load_weights(around / "out" / "landed.safetensors")[0]["generator.seed.weight"]
    torch.testing.assert_close(it.generator.seed.weight.detach(), first)


def test_what_lands_paints(trainer, around: Path):
    trainer(128, 8).run()
    landed = around / "out" / "landed.safetensors"
    _, metadata = load_weights(landed)
    assert metadata["architecture"] == "mirror-gan"
    assert metadata["captioner"] == fingerprint(load_weights(around / "captioner.safetensors")[0])
    pictures = paint(landed, around / "stem.safetensors", ["a red flower", "what is this"], 1.0, 1)
    assert pictures.shape == (2, 64, 64, 3) and pictures.std() > 0
    assert len(list((around / "out" / "sheets").iterdir())) == 1


def test_stem_learns_and_resumes(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(train_stem, "vocabulary", lambda captions: WORDS)

    def run(out: str, epochs: int) -> dict[str, torch.Tensor]:
        given = ["--out", str(tmp_path / out), "--encoder", str(tiny / "encoder.safetensors")]
        monkeypatch.setattr(sys, "argv", ["train", *given, "--epochs", str(epochs), "--batch", "6", "--captions", "2"])
        train_stem.main()
        return load_weights(tmp_path / out / "landed.safetensors")[0]

    stem = run("out", 2)
    assert torch.isfinite(stem["mean"]).all() and float(stem["deviation"].min()) > 0
    assert (tmp_path / "out" / "log.csv").read_text().count("\n") == 3
    # A finished run that is asked again says the same.
    again = run("out", 2)
    assert all(torch.equal(stem[k], again[k]) for k in stem)
    assert (tmp_path / "out" / "regions.safetensors").exists()


def test_a_resumed_run_has_the_rates_that_it_is_asked_for(trainer, capsys):
    trainer(128, 8).run()
    capsys.readouterr()
    again = trainer(128, 16, "out", "--attention-rate", "5", "--rate", "1e-3")
    rates = {group["share"]: group["lr"] for group in again.optimiser_g.param_groups}
    assert sorted(group["lr"] for group in again.optimiser_g.param_groups) == pytest.approx([1e-3, 5e-3]), rates
    said = capsys.readouterr().out
    assert "--attention-rate is 5.0 from here on; it was 10.0" in said and "--seed" not in said
