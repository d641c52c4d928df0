import math

import pytest
import torch

from style_losses import border_distance, neighbours_loss


def test_the_border_alone_counts():
    a = torch.zeros(2, 3, 16, 16)
    b = a.clone()
    b[0, :, 2:14, 2:14] = 1  # all but the ring of cells
    b[1, :, :2] = 1  # the upper row: 8 of 28 cells
    assert border_distance(a, b).tolist() == pytest.approx([0, 8 / 28])
    stripes = torch.tensor([1.0, -1.0]).repeat(8).expand(1, 3, 16, 16)
    assert border_distance(stripes, torch.zeros(1, 3, 16, 16)).tolist() == [0], "cells know their mean colour"


def test_like_backgrounds_want_like_styles():
    colours = torch.tensor([[0.0, 0, 0], [1, 0, 0], [90, 0, 0], [91, 0, 0]])
    together = torch.tensor([[1.0, 0], [1, 0.01], [0, 1], [0.01, 1]])
    crossed = together[[0, 2, 1, 3]]
    assert neighbours_loss(together, colours).mean() < neighbours_loss(crossed, colours).mean() - 5
    assert torch.allclose(neighbours_loss(together, colours), neighbours_loss(7 * together, colours)), "cosines"
    # Nobody stands apart: every one of the three others is as likely, and that is what is asked.
    alike = torch.ones(4, 2)
    assert neighbours_loss(alike, torch.zeros(4, 3)).tolist() == pytest.approx([math.log(3)] * 4, abs=1e-3)
