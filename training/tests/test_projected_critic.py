"""The heads, and the random projections in front of them."""

import torch

from models.projected_critic import Config, Mixing, ProjectedCritic
from models.squeezenet import TAPS

EDGES = {"conv1": 37, "fire4": 18, "fire8": 9, "fire9": 4}


def taps(seed: int, count: int = 2) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    return {tap: torch.rand(count, TAPS[tap], edge, edge, generator=random) for tap, edge in EDGES.items()}


def test_late_taps_reach_early_ones_and_not_the_other_way():
    mixing = Mixing(Config(mixed=8))
    features = taps(1)
    mixed = mixing(features)
    assert {tap: tuple(x.shape) for tap, x in mixed.items()} == {t: (2, 8, e, e) for t, e in EDGES.items()}
    for changed in EDGES:
        other = mixing(features | {changed: features[changed] + 1})
        moved = {tap for tap in EDGES if not torch.allclose(other[tap], mixed[tap])}
        order = list(EDGES)
        assert moved == set(order[: order.index(changed) + 1])


def test_the_projections_stay_as_they_were_drawn():
    critic = ProjectedCritic(Config(mixed=8))
    before = {name: x.clone() for name, x in critic.mixing.state_dict().items()}
    critic.requires_grad_(False)
    critic.requires_grad_(True)
    optimiser = torch.optim.Adam(critic.parameters(), 0.1)
    features = {tap: x.requires_grad_() for tap, x in taps(2).items()}
    trunks = critic.trunks(critic.see(features))
    loss = sum(m.mean() for m in critic.realism(trunks) + critic.match(trunks, torch.randn(2, 256)))
    loss.backward()
    optimiser.step()
    assert before and all(torch.equal(x, critic.mixing.state_dict()[name]) for name, x in before.items())
    assert all(x.grad.abs().sum() > 0 for x in features.values()), "and the generator hears through them"
    assert all(p.grad is not None for p in critic.parameters())
    again = ProjectedCritic(Config(mixed=8))
    again.load_state_dict(critic.state_dict())
    assert torch.equal(again.mixing.across_conv1, critic.mixing.across_conv1), "a restart has the same ones"


def test_without_them_nothing_else_is_kept():
    assert not any("mixing" in name for name in ProjectedCritic(Config()).state_dict())
