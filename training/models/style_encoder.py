"""The style encoder S (Reed et al. 2016, section 4.4 and figure 6): from a picture back to the noise z that a frozen
generator would paint it from, so that another caption can be painted in its style."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checkpoint import load_weights, save_weights


@dataclass(frozen=True)
class Config:
    """z: length of the generator's noise; size: of the pictures; channels: of the convolutions, each of which halves
    the edge."""

    z: int = 100
    size: int = 64
    channels: tuple[int, ...] = (32, 64, 128, 256)

    @property
    def flat(self) -> int:
        edge = self.size >> len(self.channels)
        return edge * edge * self.channels[-1]


def onto_shell(z: Tensor) -> Tensor:
    """[B,Z] → the same directions with norm √Z, where nearly all of N(0,I) lies"""
    return F.normalize(z, dim=1) * z.shape[1] ** 0.5


class StyleEncoder(nn.Module):
    """pictures [B,3,size,size] RGB in [-1,1] → z [B,Z] of norm √Z. `normed`: every convolution is normalised over the
    batch, for training; `folded` is the same network without."""

    def __init__(self, config: Config, normed: bool = False):
        super().__init__()
        self.config = config
        widths = (3, *config.channels)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip(widths[:-1], widths[1:], strict=True))
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in config.channels) if normed else None
        self.project = nn.Linear(config.flat, config.z)

    def forward(self, pictures: Tensor) -> Tensor:
        x = pictures
        for i, conv in enumerate(self.convs):
            x = conv(x)  # 64 → 32 → 16 → 8 → 4
            x = F.leaky_relu(self.norms[i](x) if self.norms else x, 0.2)
        # (h,w,c), as the browser's maps lie in memory.
        flat = x.permute(0, 2, 3, 1).flatten(1)
        return onto_shell(self.project(flat).float())

    @torch.no_grad()
    def folded(self) -> "StyleEncoder":
        """The same function of pictures, as evaluation mode has it, in convolutions alone."""
        plain = StyleEncoder(self.config).eval()
        plain.project.load_state_dict(self.project.state_dict())
        for i, (to, conv) in enumerate(zip(plain.convs, self.convs, strict=True)):
            if self.norms:
                norm = self.norms[i]
                scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                to.weight.copy_(conv.weight * scale[:, None, None, None])
                to.bias.copy_((conv.bias - norm.running_mean) * scale + norm.bias)
            else:
                to.load_state_dict(conv.state_dict())
        return plain


def save_style_encoder(path: Path, encoder: StyleEncoder, metadata: dict) -> None:
    """metadata: `generator`, the fingerprint of the one that it inverts, and what else is to be known."""
    save_weights(path, encoder.state_dict(), {"config": asdict(encoder.config)} | metadata, torch.float16)


def load_style_encoder(path: Path) -> tuple[StyleEncoder, dict]:
    """→ (encoder in eval mode, float32; metadata)"""
    tensors, metadata = load_weights(path)
    config = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["config"].items()}
    encoder = StyleEncoder(Config(**config))
    encoder.load_state_dict(tensors)
    return encoder.eval().requires_grad_(False), metadata
