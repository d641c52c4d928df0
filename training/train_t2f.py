"""Trains T2F: a face from its description, grown from 4×4 to 64×64.

    python train_t2f.py --encoder out/face-encoder/encoder.safetensors --out out/faces-64 --pictures 1500000

Two critics judge: T2F's own, grown beside the generator, which sees pixels; and from --look-from pixels on one that
looks through a frozen ImageNet network, as the flowers' does (Projected GANs), which makes faces of blots five times
sooner. Stops and resumes at any point, in the midst of growing too. With torchrun the batch is shared out.
"""

import argparse
import copy
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils import parametrize

import data
import parallel
from augment import diff_augment
from checkpoint import load_weights, prefixed, save_weights
from face_feed import FaceFeed
from gan_run import GanRun, add_arguments, set_rates, write_sheet
from growth import Growth, shrink
from losses import apart_in_pairs, interpolate_sentences, kl_divergence, steepness
from models import projected_critic
from models.conditioning import augment
from models.projected_critic import ProjectedCritic
from models.squeezenet import SqueezeNet
from models.t2f import Config, Critic, CriticConfig, Generator
from painted import to_bytes
from sentences import embed_captions
from shipped import t2f_from
from two_critics import TwoCritics

BORDERS_FROM = 16  # pixels; smaller pictures are not moved to and fro


class Trainer(GanRun):
    """The generator, its moving average, two critics, and the step that moves them."""

    def __init__(self, args: argparse.Namespace):
        super().__init__(args)
        self.growth = Growth(tuple(args.grow))
        self.config = Config(channels=tuple(args.channels))
        self.feed = FaceFeed(args.encoder, self.config.size, self.device, self.random, args.contrary)
        torch.manual_seed(args.seed)
        sentence = self.feed.sentences.shape[1]
        assert self.config.sentence == sentence, f"the encoder's sentences have {sentence} numbers"
        assert len(args.grow) == len(args.batches) == len(args.channels), (
            "--grow, --batches and --channels: one a depth"
        )
        self.critic_config = CriticConfig(sentence, tuple(args.critic_channels))
        self.far_config = projected_critic.Config(sentence=sentence)
        place = {"device": self.device, "memory_format": torch.channels_last}
        self.generator = Generator(self.config).to(**place)
        self.critic = Critic(self.critic_config).to(**place)
        self.far_critic = ProjectedCritic(self.far_config).to(**place)
        weights = data.DATA / "imagenet-features" / "squeezenet_v1_0.npz"
        frozen = SqueezeNet(weights, torch.bfloat16).to(self.device)
        self.critics = TwoCritics(self.critic, self.far_critic, frozen, args.look_from, args.look)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.optimiser_g = torch.optim.Adam(self.generator.parameters(), args.rate, (0.0, 0.99), fused=True)
        critics = [{"params": self.critic.parameters()}, {"params": self.far_critic.parameters(), "lr": args.far_rate}]
        self.optimiser_d = torch.optim.Adam(critics, args.rate, (0.0, 0.99), fused=True)
        names = ("generator", "average", "critic", "far_critic", "optimiser_g", "optimiser_d")
        self.state = {name: getattr(self, name) for name in names}
        extra = self.resume()
        self.steps, self.watched = extra.get("steps", 0), extra.get("watched", 0)
        if self.steps == 0 and (args.init or args.init_generator):
            self.done = self.start()
        set_rates(self.optimiser_g, [args.generator_rate or args.rate])
        set_rates(self.optimiser_d, [args.rate, args.far_rate])
        self.share([self.generator, self.average, self.critic, self.far_critic])

    def start(self) -> int:
        """From weights without a checkpoint; optimisers begin anew → the pictures that they have seen"""
        done = 0
        if self.args.init:
            weights, metadata = load_weights(self.args.init)
            self.generator.load_state_dict(prefixed(weights, "generator."))
            self.critic.load_state_dict(prefixed(weights, "critic."))
            if far := prefixed(weights, "far_critic."):
                self.far_critic.load_state_dict(far)
            done = int(metadata["pictures"])
        if self.args.init_generator:
            done = t2f_from(self.args.init_generator, self.generator)
        self.average.load_state_dict(self.generator.state_dict())
        return done

    def conditions(self, b: int, pairs: int = 0) -> tuple[Tensor, Tensor, Tensor]:
        """What the generator paints in one step → z [b,Z], sentences [b,D], plain [b] (1 where the sentence is a real
        description's, 0 where it is a mixture). The last `pairs` repeat the first ones' sentences with another z, and
        the mixtures stand before them."""
        mixed, own = int(b * self.args.interpolated), b - pairs
        sentences = self.feed.described(own)
        if mixed:
            beta, others = self.feed.uniform(mixed), self.feed.described(mixed)
            blend = interpolate_sentences(sentences[own - mixed :], others, beta)
            sentences = torch.cat([sentences[: own - mixed], blend])
        plain = torch.ones(b, device=self.device)
        plain[own - mixed : own] = 0
        return self.feed.normal(b, self.config.z), torch.cat([sentences, sentences[:pairs]]), plain

    def step(self) -> dict[str, Tensor]:
        args = self.args
        depth, alpha = self.growth.at(self.done)
        args.batch = args.batches[depth]
        b, edge = args.batch // self.world, 4 * 2**depth
        real, matching, mismatching = self.feed.real(b)
        real = shrink(real, edge, alpha)
        # Two faces of one description are held apart where there is something that can see how far they are.
        pairs = int(b * args.pairs) if edge >= args.look_from else 0
        z, sentences, plain = self.conditions(b, pairs)
        noise = self.feed.normal(b, self.config.condition)
        reach = 0.125 if edge >= BORDERS_FROM else 0.0

        # `cached`: a spectral norm is computed once, not at every use of the weight.
        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            mean, log_variance = self.generator.augmentation(sentences)
            maps = self.generator.features(z, augment(mean, log_variance, noise), depth)
            painted = self.generator.paint(maps, alpha)
            shown = diff_augment(painted, self.random, shift=reach, pairs=pairs)
            shown_real = diff_augment(real, self.random, shift=reach)
            views = self.critics.views(shown)
            with torch.no_grad():
                views_real = self.critics.views(shown_real)
            # The same painted pictures serve the critics' step and the generator's.
            seen, seen_real = self.critics.see(views), self.critics.see(views_real)
            spoken = (matching, mismatching, sentences)
            loss_d, margins = self.critics.own_loss(seen, seen_real, spoken, plain, alpha)
        if self.steps % args.steep_every == 0:
            steep = steepness(self.critic, shown_real[: b // 2], matching[: b // 2], alpha)
            loss_d = loss_d + 0.5 * args.steep * args.steep_every * steep
        self.move(self.optimiser_d, loss_d, self.critics.at(edge))

        self.steps += 1
        spread = torch.exp(0.5 * log_variance.detach().float()).mean()
        figures = {"loss_d": loss_d, "match_near": margins[0], "match_far": margins[-1], "sigma": spread}
        figures["depth"] = torch.tensor(depth + alpha)
        if self.watched < args.watch:
            self.watched += args.batch
            return figures | {"loss_g": torch.zeros(()), "apart": torch.zeros(())}

        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            loss_g, apart = self.critics.painters_loss(seen, sentences, alpha, args.match), torch.zeros(())
            if pairs:
                apart = apart_in_pairs(views[1], pairs)
                loss_g = loss_g + args.seeking * torch.relu(args.apart - apart)
            loss_g = loss_g + args.kl * kl_divergence(mean.float(), log_variance.float())
            loss_g = loss_g + self.tuning(maps, painted, alpha)
        self.move(self.optimiser_g, loss_g, [self.generator])
        self.done += args.batch
        self.follow()
        return figures | {"loss_g": loss_g, "apart": apart}

    def tuning(self, maps: list[Tensor], painted: Tensor, alpha: float) -> Tensor:
        """Growth is to be seen in what is finished too: the layers that painted the smaller pictures go on painting
        what the larger ones have become. It moves them alone."""
        loss = torch.zeros((), device=painted.device)
        for d in range(len(maps) - (2 if alpha < 1 else 1)):
            aim = F.avg_pool2d(painted.detach(), painted.shape[2] // (4 * 2**d))
            loss = loss + F.mse_loss(self.generator.paint([maps[i].detach() for i in range(d + 1)]), aim)
        return loss

    @torch.no_grad()
    def sheet(self, path: Path, rows: int = 10, columns: int = 9) -> None:
        """Fixed descriptions of val × fixed z; the description's own face first. All at the size of the last depth, so
        that the sheets of a run make a film."""
        depth, alpha = self.growth.at(self.done)
        val, size = self.feed.val, self.config.size
        chosen = torch.linspace(0, len(val) - 1, rows).long().tolist()
        told = [[val.captions[i][6]] for i in chosen]
        sentences = torch.cat(embed_captions(self.args.encoder, told)).to(self.device)
        random = torch.Generator().manual_seed(4)
        lengths = (self.config.z, self.config.condition)
        z, noise = (torch.randn(columns, n, generator=random).to(self.device) for n in lengths)
        margin = size // 32
        lines = []
        for i, sentence in zip(chosen, sentences, strict=True):
            painted = self.average(z, sentence.expand(columns, -1), noise, depth, alpha)
            painted = F.interpolate(painted, (size, size))
            own = val.pictures[i][margin : margin + size, margin : margin + size]
            lines.append([own, *to_bytes(painted.cpu())])
        write_sheet(path, lines)

    def save(self) -> None:
        if self.rank:
            return
        self.keep(steps=self.steps, watched=self.watched)
        self.sheet(self.args.out / "sheets" / f"{self.done:08d}.png")
        parts = {"generator": self.average, "critic": self.critic, "far_critic": self.far_critic}
        landed = {f"{name}.{k}": v for name, part in parts.items() for k, v in part.state_dict().items()}
        metadata = {"architecture": "t2f", "pictures": self.done, "grown": self.growth.at(self.done)}
        metadata |= {"config": asdict(self.config), "critic": asdict(self.critic_config)}
        save_weights(self.args.out / "landed.safetensors", landed, metadata, torch.float16)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True, help="as train_face_encoder.py wrote it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=1_500_000, help="real pictures seen in all")
    parser.add_argument("--init", type=Path, help="landed weights to go on from when --out has no checkpoint")
    parser.add_argument("--init-generator", type=Path, help="a folder of ../public/models, whose generator is to go on")
    parser.add_argument("--watch", type=int, default=0, help="pictures for the critics alone at first, not counted")
    grow = [50_000, 60_000, 60_000, 80_000, 1_250_000]
    parser.add_argument("--grow", type=int, nargs="+", default=grow, help="pictures at 4×4, 8×8 and so on")
    parser.add_argument("--batches", type=int, nargs="+", default=[32, 32, 32, 32, 32], help="over all processes")
    parser.add_argument("--channels", type=int, nargs="+", default=Config.channels, help="of G, at 4×4, 8×8 and so on")
    parser.add_argument("--critic-channels", type=int, nargs="+", default=CriticConfig.channels)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--generator-rate", type=float, help="where it is not --rate: while critics are young, say")
    parser.add_argument("--far-rate", type=float, default=2e-4, help="of the critic that looks at features")
    parser.add_argument("--look-from", type=int, default=32, help="pixels from which on that critic looks; 128: never")
    parser.add_argument("--look", type=int, default=80, help="edge to which pictures are enlarged for it")
    parser.add_argument(
        "--contrary", type=float, default=0.0, help="share of mismatches that are the own description but for one thing"
    )
    parser.add_argument("--kl", type=float, default=0.25, help="weight of conditioning augmentation's own loss")
    parser.add_argument("--steep", type=float, default=1.0, help="weight of R1")
    parser.add_argument("--steep-every", type=int, default=16, help="steps between two R1 terms")
    add_arguments(parser, apart=0.85, interpolated=0.2, save_every=10_000)
    return parser.parse_args()


def main() -> None:
    args = parse()
    with parallel.processes(args.device):
        Trainer(args).run()


if __name__ == "__main__":
    main()
