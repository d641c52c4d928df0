"""What training asks of styles of photographs, beside the likeness of inversion.py."""

import torch
import torch.nn.functional as F
from torch import Tensor


def border_distance(a: Tensor, b: Tensor, cells: int = 8) -> Tensor:
    """a, b [B,3,S,S] in [-1,1] → [B]: mean squared difference of the colours of a ring of cells along the edge"""
    x, y = (F.avg_pool2d(p, p.shape[2] // cells) for p in (a, b))
    squares = (x - y).square().mean(1)  # [B,8,8]
    inner = squares[:, 1:-1, 1:-1].sum((1, 2))
    return (squares.sum((1, 2)) - inner) / (cells**2 - (cells - 2) ** 2)


def neighbours_loss(styles: Tensor, colours: Tensor, temperature: float = 0.1, reach: float = 8.0) -> Tensor:
    """styles [B,Z], colours [B,3] of their backgrounds in Lab → cross-entropy between who is near in colour (a Gaussian
    of width `reach`) and who is near in style (Hinton & Roweis 2002, 'Stochastic neighbor embedding')"""
    unit = F.normalize(styles, dim=1)
    itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    near = -torch.cdist(colours, colours).square() / (2 * reach**2)
    aim = near.masked_fill(itself, -1e4).softmax(1)
    return F.cross_entropy((unit @ unit.T / temperature).masked_fill(itself, -1e4), aim, reduction="none")
