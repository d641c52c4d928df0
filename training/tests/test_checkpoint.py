import pytest
import torch
from torch import nn

from arrays import kernel, store
from checkpoint import load_checkpoint, load_weights, rounded, save_checkpoint, save_weights


def fresh(seed: int):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
    state = {"model": model, "optimiser": torch.optim.Adam(model.parameters(), 0.01)}
    return state, torch.Generator().manual_seed(seed)


def steps(state, generator, count: int) -> None:
    for _ in range(count):
        loss = state["model"](torch.randn(16, 4, generator=generator)).square().mean()
        state["optimiser"].zero_grad()
        loss.backward()
        state["optimiser"].step()


def test_a_resumed_run_is_the_run_that_never_stopped(tmp_path):
    whole, generator = fresh(1)
    steps(whole, generator, 5)
    save_checkpoint(tmp_path / "c.pt", whole, 5, generator, {"note": 3})
    steps(whole, generator, 5)

    resumed, other = fresh(2)
    assert load_checkpoint(tmp_path / "c.pt", resumed, other) == (5, {"note": 3})
    steps(resumed, other, 5)
    for name, tensor in whole["model"].state_dict().items():
        assert torch.equal(resumed["model"].state_dict()[name], tensor), name
    assert torch.equal(generator.get_state(), other.get_state())


def test_no_checkpoint_is_a_start(tmp_path):
    state, generator = fresh(1)
    assert load_checkpoint(tmp_path / "none.pt", state, generator) == (0, {})


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(tmp_path):
    state, generator = fresh(1)
    save_checkpoint(tmp_path / "c.pt", state, 1, generator, {})
    before = (tmp_path / "c.pt").read_bytes()
    with pytest.raises(Exception):  # noqa: B017 — whatever the pickler says
        save_checkpoint(tmp_path / "c.pt", state, 2, generator, {"bad": lambda: 0})
    assert (tmp_path / "c.pt").read_bytes() == before


def test_weights_round_trip_in_float16_without_counters(tmp_path):
    state, _ = fresh(1)
    tensors = state["model"].state_dict()
    save_weights(tmp_path / "w.safetensors", tensors, {"config": {"widths": [4, 8]}}, torch.float16)
    found, metadata = load_weights(tmp_path / "w.safetensors")
    assert metadata == {"config": {"widths": [4, 8]}}
    assert set(tensors) - set(found) == {"1.num_batches_tracked"}
    for name, tensor in found.items():
        assert torch.equal(tensor, tensors[name].half().float()), name
    assert list(tmp_path.iterdir()) == [tmp_path / "w.safetensors"], "no half-written file is left"


def test_weights_in_8_bits_come_back_to_within_half_a_step_and_stay(tmp_path):
    torch.manual_seed(2)
    tensors = {"kernel": torch.randn(5, 3, 2, 2), "matrix": torch.randn(4, 6), "bias": torch.randn(4)}
    tensors |= {"none": torch.zeros(2, 3), "own.scale": torch.randn(3)}
    save_weights(tmp_path / "w.safetensors", tensors, {"config": 1}, torch.int8)
    found, metadata = load_weights(tmp_path / "w.safetensors")
    assert metadata == {"config": 1} and set(found) == set(tensors)
    for name in ("bias", "own.scale"):
        assert torch.equal(found[name], tensors[name].half().float()), name
    for name in ("kernel", "matrix", "none"):
        step = tensors[name].flatten(1).abs().amax(1).view(-1, *[1] * (tensors[name].ndim - 1)) / 127
        assert ((found[name] - tensors[name]).abs() <= 0.5 * step + 1e-7).all(), name
    save_weights(tmp_path / "again.safetensors", found, {"config": 1}, torch.int8)
    again, _ = load_weights(tmp_path / "again.safetensors")
    assert all(torch.allclose(again[name], found[name], atol=1e-6) for name in found)


def test_weights_rounded_to_few_levels_stay_what_they_are_when_exported_so():
    weight = (
        torch.randn(5, 4, 3, 3, generator=torch.Generator().manual_seed(3))
        * torch.tensor([1e-3, 1, 9, 0, 2])[:, None, None, None]
    )
    once = rounded(weight, 47)
    assert (once - weight).abs().flatten(1).amax(1).le(weight.flatten(1).abs().amax(1) / 47 * 0.5001).all()
    stored = store({"w": kernel(once.numpy())}, "int8", 47)
    assert abs(stored["w"]).max() == 47
    assert torch.allclose(torch.from_numpy(stored["w"] * stored["w.scale"]), torch.from_numpy(kernel(once.numpy())))
    assert torch.equal(rounded(weight[0, 0, 0], 2), weight[0, 0, 0]), "vectors stay"
