"""The small critic for fine-tuning in the tab, trained beside a generator that does not hear it."""

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils import parametrize

import parallel
from losses import hinge_fake, hinge_real
from models.critic import Config, Critic

# It joins late, so it does not slow down when the others do.
RATE = 2e-4


# Of the mean of a map, which the hinge holds beyond 1 and below -1, to a logit.
SHARPNESS = 3.0


class OwnCritic:
    """The critic that ships, and its optimiser: it watches and learns, and moves nothing else.

    contrast: weight of telling a photograph's own caption from the others of the batch (Zhang et al. 2021, "XMC-GAN",
    section 4.2): where captions differ in little, one wrong caption a photograph teaches next to nothing"""

    def __init__(
        self,
        device: torch.device,
        config: Config | None = None,
        rate: float = RATE,
        momentum: float = 0.0,
        contrast: float = 0.0,
    ):
        self.critic = Critic(config or Config()).to(device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.Adam(self.critic.parameters(), rate, (momentum, 0.99))
        self.contrast = contrast

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
            if self.contrast:
                said = SHARPNESS * critic.agreement(trunk_real, matching)
                own = torch.arange(len(said), device=said.device)
                loss = loss + self.contrast * 0.5 * (F.cross_entropy(said, own) + F.cross_entropy(said.T, own))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if dist.is_initialized():
            parallel.average_gradients(critic)
        self.optimiser.step()
        return loss.detach()
