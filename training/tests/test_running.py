"""What stands around a trainer's step."""

import csv
import os
import signal

import pytest
import torch

from running import Asked, descend, follow, one_pass, warm_cosine, write_row


def read(path) -> list[dict]:
    with open(path) as file:
        return list(csv.DictReader(file))


def test_a_log_goes_on_and_one_with_other_columns_is_put_aside(tmp_path):
    for n in range(2):
        write_row(tmp_path, {"pictures": n, "loss": 0.5})
    for n in range(2):
        write_row(tmp_path, {"pictures": n, "loss": 0.5, "apart": 1.0})
    write_row(tmp_path, {"pictures": 2})
    assert [len(read(tmp_path / name)) for name in ("log-1.csv", "log-2.csv", "log.csv")] == [2, 2, 1]
    assert read(tmp_path / "log-2.csv")[1] == {"pictures": "1", "loss": "0.5", "apart": "1.0"}


def test_a_signal_asks_and_does_not_end():
    before = [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)]
    try:
        asked = Asked()
        assert not asked.stop
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.stop
    finally:
        for s, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(s, handler)


def test_the_average_follows_parameters_and_buffers():
    one, other = (torch.nn.BatchNorm1d(2) for _ in range(2))
    torch.nn.init.constant_(other.weight, 3.0)
    other.running_mean.fill_(4.0)
    other.num_batches_tracked.fill_(7)
    follow(one, other, 0.75)
    assert one.weight.tolist() == pytest.approx([1.5, 1.5]) and one.running_mean.tolist() == pytest.approx([1.0, 1.0])
    assert int(one.num_batches_tracked) == 7


def test_rates_rise_and_fall_to_nothing():
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([parameter], 2.0)
    schedule = warm_cosine(optimiser, steps=10, warm=4)
    rates = []
    for _ in range(12):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates[0] == pytest.approx(0.5) and rates[5] == pytest.approx(1.0), "a quarter at first, half in the middle"
    assert rates[:3] == sorted(rates[:3]) and rates[3:] == sorted(rates[3:], reverse=True)
    assert rates[10] == rates[11] == 0, "and no rise beyond the end"


def test_one_pass_shows_every_row_once_and_leaves_what_fills_no_batch():
    seen = []

    def step(rows: torch.Tensor) -> dict[str, torch.Tensor]:
        seen.append(rows.tolist())
        return {"loss": rows.float().mean(), "one": torch.ones(())}

    means = one_pass(11, 4, torch.Generator().manual_seed(1), step)
    shown = [row for batch in seen for row in batch]
    assert [len(batch) for batch in seen] == [4, 4] and len(set(shown)) == 8 and set(shown) <= set(range(11))
    assert shown != sorted(shown) and means == {"loss": pytest.approx(sum(shown) / 8), "one": pytest.approx(1)}
    with pytest.raises(AssertionError, match="less than a batch"):
        one_pass(3, 4, torch.Generator(), step)


def test_a_step_goes_downhill_by_no_more_than_five():
    parameter = torch.nn.Parameter(torch.full((4,), 100.0))
    optimiser = torch.optim.SGD([parameter], 1.0)
    schedule = warm_cosine(optimiser, steps=10, warm=1)
    descend(parameter.square().sum(), [parameter], optimiser, schedule)
    assert torch.allclose(parameter.detach(), torch.full((4,), 97.5)), "a gradient of length 400 became one of 5"
    assert schedule.last_epoch == 1
