"""Layers of ProGAN (Karras et al. 2018, section 4): equalised learning rate and pixel norm."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from .gan_int_cls import double_and_convolve


class Equalised(nn.Module):
    """Weights are N(0,1) and scaled by √(gain/fan-in) at every use, so that Adam moves all layers alike."""

    def __init__(self, shape: tuple[int, ...], gain: float = 2.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape))
        self.bias = nn.Parameter(torch.zeros(shape[0]))
        self.scale = (gain / self.weight[0].numel()) ** 0.5

    def scaled(self) -> Tensor:
        return self.weight * self.scale


class Linear(Equalised):
    def __init__(self, channels_in: int, channels_out: int, gain: float = 2.0):
        super().__init__((channels_out, channels_in), gain)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.scaled(), self.bias)


class Conv(Equalised):
    """[B,Cin,H,W] → [B,Cout,H,W], edge 1 or 3"""

    def __init__(self, channels_in: int, channels_out: int, edge: int, gain: float = 2.0):
        super().__init__((channels_out, channels_in, edge, edge), gain)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.scaled(), self.bias, padding=self.weight.shape[2] // 2)


class DoubleConv(Conv):
    """Nearest ×2, then the convolution: [B,Cin,H,W] → [B,Cout,2H,2W]"""

    def forward(self, x: Tensor) -> Tensor:
        return double_and_convolve(x, self.scaled()) + self.bias.to(x.dtype)[:, None, None]


class HalveConv(Conv):
    """The convolution, then the mean of each four: [B,Cin,H,W] → [B,Cout,H/2,W/2]. The two are exactly one 4×4
    convolution of stride 2, with 2.25 times fewer products."""

    def halved(self) -> Tensor:
        weight = self.scaled()
        rows = F.pad(weight, (0, 0, 0, 1)) + F.pad(weight, (0, 0, 1, 0))
        return (F.pad(rows, (0, 1)) + F.pad(rows, (1, 0))) / 4

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.halved(), self.bias, stride=2, padding=1)


class _PixelNorm(torch.autograd.Function):
    """With its gradient written out: half of the passes over the maps that autograd would make of it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        length = torch.linalg.vector_norm(x, dim=1, keepdim=True, dtype=torch.promote_types(x.dtype, torch.float32))
        scale = torch.rsqrt(length.square() / x.shape[1] + 1e-8).to(x.dtype)
        y = x * scale
        ctx.save_for_backward(y, scale)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        y, scale = ctx.saved_tensors
        along = (gradient * y).mean(1, keepdim=True)
        return torch.addcmul(gradient, y, along, value=-1) * scale


def pixel_norm(x: Tensor) -> Tensor:
    """x [B,C,…]: every place's vector to a mean square of 1. Differentiable once"""
    return _PixelNorm.apply(x)


def leaky(x: Tensor) -> Tensor:
    return F.leaky_relu(x, 0.2)
