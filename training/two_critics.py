"""T2F's two judges: its own critic, grown beside the generator, which sees pixels; and, from some size on, one that
looks at them through a frozen network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from losses import hinge_fake, hinge_generator, hinge_real
from models.projected_critic import ProjectedCritic, look
from models.squeezenet import SqueezeNet
from models.t2f import Critic


@dataclass(frozen=True)
class TwoCritics:
    """look_from: edge of the pictures from which on the far one looks; look: edge to which they are enlarged for it"""

    near: Critic
    far: ProjectedCritic
    frozen: SqueezeNet
    look_from: int
    look: int

    def at(self, edge: int) -> list[Critic | ProjectedCritic]:
        """Those that look at pictures of this edge"""
        return [self.near, self.far] if edge >= self.look_from else [self.near]

    def views(self, shown: Tensor) -> list:
        """Pictures [B,3,S,S] → what there is of them to look at: themselves, and features of the frozen network"""
        if shown.shape[2] < self.look_from:
            return [shown]
        # Small pictures have nothing that a larger look would find.
        edge = min(self.look, 2 * shown.shape[2])
        return [shown, look(self.frozen, shown, self.far.config.taps, edge)]

    def see(self, views: list) -> list:
        """→ what each of them looks at, whoever moves"""
        return [views[0], *(self.far.see(features) for features in views[1:])]

    def judge(self, seen: list, alpha: float) -> list[tuple[Critic | ProjectedCritic, object]]:
        """→ each with what it makes of what it sees"""
        judged: list = [(self.near, self.near.trunk(seen[0], alpha))]
        return judged + [(self.far, self.far.trunks(far)) for far in seen[1:]]

    @contextmanager
    def still(self) -> Iterator[None]:
        """No gradient reaches them."""
        for critic in (self.near, self.far):
            critic.requires_grad_(False)
        try:
            yield
        finally:
            for critic in (self.near, self.far):
                critic.requires_grad_(True)

    def own_loss(
        self, seen: list, seen_real: list, sentences: tuple[Tensor, Tensor, Tensor], plain: Tensor, alpha: float
    ) -> tuple[Tensor, list[Tensor]]:
        """Of painted pictures and real ones, as `see` gives them. sentences: true of the real ones, not true of them,
        and those that were painted; plain: 0 where these are mixtures → loss, and by how much each prefers what is
        true"""
        matching, mismatching, painted = sentences
        seen = [seen[0].detach(), *({k: v.detach() for k, v in far.items()} for far in seen[1:])]
        loss, margins = torch.zeros((), device=plain.device), []
        judged = zip(self.judge(seen, alpha), self.judge(seen_real, alpha), strict=True)
        for (critic, trunk), (_, trunk_real) in judged:
            right, wrong = critic.match(trunk_real, matching), critic.match(trunk_real, mismatching)
            loss = loss + hinge_real(critic.realism(trunk_real)) + hinge_fake(critic.realism(trunk))
            # Matching-aware: a real face with a description that is not true of it is as wrong as a painted one.
            fake = 0.5 * hinge_fake(critic.match(trunk, painted), plain) + 0.5 * hinge_fake(wrong)
            loss = loss + hinge_real(right) + fake
            margins.append(torch.stack([(x - y).mean() for x, y in zip(right, wrong, strict=True)]).mean())
        return loss, margins

    def painters_loss(self, seen: list, sentences: Tensor, alpha: float, match: float) -> Tensor:
        """What they, who stay as they are, say of what was painted. match: weight of its sentences"""
        loss = torch.zeros((), device=sentences.device)
        with self.still():
            for critic, trunk in self.judge(seen, alpha):
                loss = loss + hinge_generator(critic.realism(trunk))
                loss = loss + match * hinge_generator(critic.match(trunk, sentences))
        return loss
