"""The networks of Reed et al. 2016 as published (figure 2): DCGAN (Radford et al. 2016) with the sentence projected to
128 numbers, joined to z in the generator and to the 4×4 map in the discriminator. A baseline, not shipped."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """generator, critic: channels of G at 32×32 and of D at 32×32; the others are multiples (8, 4, 2, 1)."""

    z: int = 100
    sentence: int = 256
    text: int = 128
    generator: int = 64
    critic: int = 64
    size: int = 64


def _initialise(module: nn.Module) -> None:
    """DCGAN's: N(0, .02), and N(1, .02) for the norms."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)


class Generator(nn.Module):
    """z [B,100], sentence [B,256] → pictures [B,3,64,64] in [-1,1]"""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        n = config.generator
        self.text = nn.Linear(config.sentence, config.text)
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(config.z + config.text, 8 * n, 4),
            nn.BatchNorm2d(8 * n),
            nn.ReLU(),
        ]
        for a, b in ((8, 4), (4, 2), (2, 1)):
            layers += [nn.ConvTranspose2d(a * n, b * n, 4, 2, 1), nn.BatchNorm2d(b * n), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(n, 3, 4, 2, 1))
        self.apply(_initialise)

    def forward(self, z: Tensor, sentence: Tensor) -> Tensor:
        c = torch.cat([z, F.leaky_relu(self.text(sentence), 0.2)], 1)[:, :, None, None]
        return torch.tanh(self.layers(c.contiguous(memory_format=torch.channels_last)).float())


class Discriminator(nn.Module):
    """pictures [B,3,64,64], sentence [B,256] → logit [B] that the two are a real pair"""

    def __init__(self, config: Config):
        super().__init__()
        n = config.critic
        layers: list[nn.Module] = [nn.Conv2d(3, n, 4, 2, 1), nn.LeakyReLU(0.2)]
        for a, b in ((1, 2), (2, 4), (4, 8)):
            layers += [nn.Conv2d(a * n, b * n, 4, 2, 1), nn.BatchNorm2d(b * n), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)
        self.text = nn.Linear(config.sentence, config.text)
        self.join = nn.Sequential(nn.Conv2d(8 * n + config.text, 8 * n, 1), nn.BatchNorm2d(8 * n), nn.LeakyReLU(0.2))
        self.judge = nn.Conv2d(8 * n, 1, 4)
        self.apply(_initialise)

    def forward(self, pictures: Tensor, sentence: Tensor) -> Tensor:
        x = self.layers(pictures.contiguous(memory_format=torch.channels_last))
        text = F.leaky_relu(self.text(sentence), 0.2)[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.judge(self.join(torch.cat([x, text.to(x.dtype)], 1))).flatten().float()
