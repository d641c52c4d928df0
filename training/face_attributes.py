"""CelebA's attributes (Liu et al. 2015), and sets of them as bits of one number."""

import torch
from torch import Tensor

# In the data set's own order.
ATTRIBUTES = (
    "5_o_Clock_Shadow",
    "Arched_Eyebrows",
    "Attractive",
    "Bags_Under_Eyes",
    "Bald",
    "Bangs",
    "Big_Lips",
    "Big_Nose",
    "Black_Hair",
    "Blond_Hair",
    "Blurry",
    "Brown_Hair",
    "Bushy_Eyebrows",
    "Chubby",
    "Double_Chin",
    "Eyeglasses",
    "Goatee",
    "Gray_Hair",
    "Heavy_Makeup",
    "High_Cheekbones",
    "Male",
    "Mouth_Slightly_Open",
    "Mustache",
    "Narrow_Eyes",
    "No_Beard",
    "Oval_Face",
    "Pale_Skin",
    "Pointy_Nose",
    "Receding_Hairline",
    "Rosy_Cheeks",
    "Sideburns",
    "Smiling",
    "Straight_Hair",
    "Wavy_Hair",
    "Wearing_Earrings",
    "Wearing_Hat",
    "Wearing_Lipstick",
    "Wearing_Necklace",
    "Wearing_Necktie",
    "Young",
)
BITS = {name: 1 << i for i, name in enumerate(ATTRIBUTES)}


def bits(names: frozenset[str] | list[str]) -> int:
    return sum(BITS[name] for name in set(names))


def bit_table(numbers: Tensor) -> Tensor:
    """numbers [...] of bits → [...,40] of 0 and 1"""
    return (numbers[..., None] >> torch.arange(len(ATTRIBUTES))) & 1
