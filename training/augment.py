"""Differentiable augmentation (Zhao et al. 2020), the same for real and painted pictures. Saturation and hue stay:
captions speak of colour."""

import torch
import torch.nn.functional as F
from torch import Tensor


def diff_augment(
    x: Tensor, generator: torch.Generator, shift: float = 0.125, light: float = 0.1, pairs: int = 0
) -> Tensor:
    """x [B,3,S,S] in [-1,1] → moved by up to `shift`·S either way (zeros come in), brightness by up to ±`light`,
    contrast by up to ±2·`light`. The last `pairs` pictures are treated as the first ones are, so that the two can be
    compared: apart by their augmentation alone, they would look different enough to any measure."""
    b, _, s, _ = x.shape

    def tied(draw: Tensor) -> Tensor:
        return torch.cat([draw[: b - pairs], draw[:pairs]]).to(x.device)

    def uniform(low: float, high: float) -> Tensor:
        return tied(torch.rand(b, 1, 1, 1, generator=generator) * (high - low) + low)

    x = x + uniform(-light, light)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * uniform(1 - 2 * light, 1 + 2 * light) + mean
    reach = int(shift * s + 0.5)
    if reach == 0:
        return x
    dx, dy = (tied(torch.randint(0, 2 * reach + 1, (b, 1), generator=generator)) for _ in range(2))
    places = torch.arange(s, device=x.device)
    padded = F.pad(x, (reach, reach, reach, reach)).permute(0, 2, 3, 1)  # [B,S+2r,S+2r,3]
    rows = (places + dy)[:, :, None].expand(b, s, s)
    columns = (places + dx)[:, None, :].expand(b, s, s)
    return padded[torch.arange(b, device=x.device)[:, None, None], rows, columns].permute(0, 3, 1, 2)


def crop_and_flip(pictures: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """pictures [B,P,P,3] uint8, P ≥ size → [B,3,size,size] float in [-1,1], cropped anywhere, half of them mirrored"""
    b, p = pictures.shape[:2]
    dx, dy = torch.randint(0, p - size + 1, (2, b, 1), generator=generator).to(pictures.device)
    flip = (torch.rand(b, 1, generator=generator) < 0.5).to(pictures.device)
    places = torch.arange(size, device=pictures.device)
    columns = torch.where(flip, size - 1 - places, places) + dx
    rows = places + dy
    cropped = pictures[torch.arange(b, device=pictures.device)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return cropped.permute(0, 3, 1, 2).float() / 127.5 - 1
