"""SqueezeNet v1.0 (Iandola et al. 2016), frozen, as a source of features. Weights: ImageNet, caffe names."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

TAPS = {
    "conv1": 96,
    "fire2": 128,
    "fire3": 128,
    "fire4": 256,
    "fire5": 256,
    "fire6": 384,
    "fire7": 384,
    "fire8": 512,
    "fire9": 512,
}


class SqueezeNet(nn.Module):
    """pictures [B,3,H,W] RGB in [-1,1] → {tap: relu features [B,C,h,w]}; no gradient reaches its weights."""

    def __init__(self, weights: Path, dtype: torch.dtype = torch.float32):
        super().__init__()
        with np.load(weights) as archive:
            for name in archive.files:
                tensor = torch.from_numpy(archive[name].astype(np.float32)).to(dtype)
                if tensor.ndim == 4:
                    tensor = tensor.contiguous(memory_format=torch.channels_last)
                self.register_buffer(name.replace("/", "_").replace(".", "_"), tensor, persistent=False)
        # The network was trained on BGR, 0–255, minus the mean of ImageNet.
        self.register_buffer("mean", torch.tensor([104.0, 117.0, 123.0]).view(1, 3, 1, 1), persistent=False)
        self.dtype = dtype

    def convolve(self, x: Tensor, name: str, padding: int = 0, stride: int = 1) -> Tensor:
        return F.relu(F.conv2d(x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias"), stride, padding))

    def fire(self, x: Tensor, name: str) -> Tensor:
        squeezed = self.convolve(x, f"{name}_conv1x1_1")
        return torch.cat(
            [self.convolve(squeezed, f"{name}_conv1x1_2"), self.convolve(squeezed, f"{name}_conv3x3_2", 1)], 1
        )

    def forward(self, pictures: Tensor, taps: tuple[str, ...]) -> dict[str, Tensor]:
        x = ((pictures.flip(1) + 1) * 127.5 - self.mean).to(self.dtype)
        x = x.contiguous(memory_format=torch.channels_last)
        found = {}
        x = found["conv1"] = self.convolve(x, "conv1", stride=2)
        for i in range(2, 10):
            if i in (2, 5, 9):
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            x = found[f"fire{i}"] = self.fire(x, f"fire{i}")
        return {tap: found[tap] for tap in taps}
