"""Conditioning augmentation (Zhang et al. 2017, 'StackGAN', section 3.2): near one sentence lie many conditions."""

import torch
from torch import Tensor, nn


class ConditioningAugmentation(nn.Module):
    """sentence [B,S] → the moments of N(μ, σ²) [B,D] each; σ comes as log σ², which cannot be negative and does not
    explode (the original's ReLU does)."""

    def __init__(self, sentence: int, dimension: int):
        super().__init__()
        self.moments = nn.Linear(sentence, 2 * dimension)

    def forward(self, sentence: Tensor) -> tuple[Tensor, Tensor]:
        """→ μ [B,D], log σ² [B,D] in [-8,4]"""
        mean, log_variance = self.moments(sentence).chunk(2, 1)
        return mean, log_variance.clamp(-8, 4)


def augment(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """μ + σ·ε, each [B,D]; ε ~ N(0,I), or 0 for the sentence's own place"""
    return mean + torch.exp(0.5 * log_variance) * noise
