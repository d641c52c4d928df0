"""ProGAN's schedule (Karras et al. 2018, section 2): how deep the networks are after so many pictures, and how far the
last doubling is faded in. It hangs on the count alone, so that a run can stop and go on anywhere."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Growth:
    """pictures: real pictures at every depth, the last one's without end; fade: the share of a depth's pictures during
    which it is faded in, of the last at most `longest` pictures."""

    pictures: tuple[int, ...]
    fade: float = 0.5
    longest: int = 30_000

    def at(self, done: int) -> tuple[int, float]:
        """→ depth, α in (0,1]"""
        begun = 0
        for depth, count in enumerate(self.pictures):
            if done < begun + count or depth == len(self.pictures) - 1:
                if depth == 0:
                    return 0, 1.0
                faded = min(self.fade * count, self.longest)
                # Not from 0: then nothing of what is new would be seen in the first step.
                return depth, min(1.0, max(1e-3, (done - begun) / max(1.0, faded)))
            begun += count
        raise ValueError("no depth at all")

    def ends(self) -> list[int]:
        """Pictures after which a depth ends."""
        return [sum(self.pictures[: i + 1]) for i in range(len(self.pictures) - 1)]


def shrink(pictures: Tensor, edge: int, alpha: float) -> Tensor:
    """Real pictures [B,3,S,S] as the generator paints them now: [B,3,edge,edge], α of their last details"""
    x = F.avg_pool2d(pictures, pictures.shape[2] // edge)
    return x if alpha == 1 else torch.lerp(F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0), x, alpha)
