"""The small critic for fine-tuning in the tab, trained beside a generator that does not hear it."""

import torch
from torch import Tensor
from torch.nn.utils import parametrize

from losses import hinge_fake, hinge_real
from models.critic import Config, Critic

# It joins late, so it does not slow down when the others do.
RATE = 2e-4


class OwnCritic:
    """The critic that ships, and its optimiser: it watches and learns, and moves nothing else."""

    def __init__(self, device: torch.device):
        self.critic = Critic(Config()).to(device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.Adam(self.critic.parameters(), RATE, (0.0, 0.99))

    def step(self, painted: Tensor, real: Tensor, sentences: tuple[Tensor, Tensor, Tensor], plain: Tensor) -> Tensor:
        """sentences: of the photographs, of others, of the painted pictures; plain [B] as in `conditions` → loss"""
        matching, mismatching, asked = sentences
        critic = self.critic
        with torch.autocast(painted.device.type, torch.bfloat16), parametrize.cached():
            trunk, trunk_real = critic.trunk(painted), critic.trunk(real)
            loss = hinge_real(critic.realism(trunk_real)) + hinge_fake(critic.realism(trunk))
            loss = loss + hinge_real(critic.match(trunk_real, matching))
            loss = loss + 0.5 * hinge_fake(critic.match(trunk, asked), plain)
            loss = loss + 0.5 * hinge_fake(critic.match(trunk_real, mismatching))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.detach()
