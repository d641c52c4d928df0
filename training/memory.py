"""What a frozen generator painted last, kept to be looked at again."""

import torch
from torch import Tensor, nn


class Memory:
    """What the generator painted last. It paints four times slower than S looks, so S sees every picture several times.
    Every block of pictures hangs on its number alone: a resumed run paints the same ones again."""

    def __init__(self, generator: nn.Module, sentences: Tensor, block: int, blocks: int, seed: int):
        self.generator, self.sentences, self.block, self.blocks, self.seed = generator, sentences, block, blocks, seed
        size, z = generator.config.size, generator.config.z
        self.pictures = torch.zeros(blocks * block, size, size, 3, dtype=torch.uint8, device=sentences.device)
        self.z = torch.zeros(blocks * block, z, device=sentences.device)
        self.filled = 0

    @torch.no_grad()
    def paint(self, number: int) -> None:
        """Block `number` takes the place of the oldest."""
        random = torch.Generator().manual_seed(self.seed * 1_000_003 + number)
        z = torch.randn(self.block, self.z.shape[1], generator=random).to(self.z.device)
        rows = torch.randint(0, len(self.sentences), (self.block,), generator=random)
        with torch.autocast(self.z.device.type, torch.bfloat16):
            painted = self.generator(z, self.sentences[rows])
        place = number % self.blocks * self.block
        self.z[place : place + self.block] = z
        # As a file would hold them: S must not live on what eight bits lose.
        bytes_of = ((painted.permute(0, 2, 3, 1) + 1) * 127.5).round().clamp(0, 255).byte()
        self.pictures[place : place + self.block] = bytes_of
        self.filled = max(self.filled, place + self.block)

    def draw(self, n: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """→ pictures [n,3,S,S] in [-1,1], their z [n,Z]"""
        rows = torch.randint(0, self.filled, (n,), generator=random).to(self.z.device)
        return self.pictures[rows].permute(0, 3, 1, 2).float() / 127.5 - 1, self.z[rows]
