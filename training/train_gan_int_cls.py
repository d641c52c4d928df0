"""Trains the flower generator against a projected critic (see README.md for the recipe and its sources).

    python train_gan_int_cls.py --encoder out/text-encoder/encoder.safetensors --out out/flowers-64 --pictures 300000

Stops and resumes at any point. With torchrun the batch is shared out over the processes (gloo on CPU, nccl on GPU).
"""

import argparse
import copy
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.utils import parametrize

import data
import parallel
from augment import diff_augment
from checkpoint import load_weights, prefixed, save_weights
from feed import Feed
from gan_run import GanRun, add_arguments, set_rates, write_sheet
from losses import apart_in_pairs, hinge_fake, hinge_generator, hinge_real, interpolate_sentences
from models.gan_int_cls import Config, Generator
from models.projected_critic import Config as CriticConfig
from models.projected_critic import ProjectedCritic, look
from models.squeezenet import SqueezeNet
from own_critic import OwnCritic
from painted import to_bytes
from sentences import embed_captions

VARIANTS = ("gan", "cls", "int", "int-cls")
# Pictures over which the captions come to count, where the curriculum holds them back.
RAMP = 10_000


class Trainer(GanRun):
    """One generator, its moving average, one critic, and the step that moves them."""

    def __init__(self, args: argparse.Namespace):
        super().__init__(args)
        self.batch = args.batch // self.world
        self.feed = Feed(args.encoder, args.size, self.device, self.random, args.contrary, args.composed > 0)
        # After the feed, which may have built a text encoder, so that a first run begins as a second one does.
        torch.manual_seed(args.seed)
        self.config, self.critic_config = Config(channels=tuple(args.channels)), CriticConfig(mixed=args.mixed)
        assert self.config.size == args.size, f"{args.channels} paint {self.config.size}, not {args.size}"
        self.generator = Generator(self.config).to(self.device, memory_format=torch.channels_last)
        self.critic = ProjectedCritic(self.critic_config).to(self.device, memory_format=torch.channels_last)
        self.frozen = SqueezeNet(data.DATA / "imagenet-features" / "squeezenet_v1_0.npz", torch.bfloat16).to(
            self.device
        )
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.optimiser_g = torch.optim.Adam(self.generator.parameters(), args.rate, (0.0, 0.99), fused=True)
        self.optimiser_d = torch.optim.Adam(self.critic.parameters(), args.rate, (0.0, 0.99), fused=True)
        names = ("generator", "average", "critic", "optimiser_g", "optimiser_d")
        self.state = {name: getattr(self, name) for name in names}
        self.own = OwnCritic(self.device) if args.own_critic else None
        late = {"own": self.own.critic, "optimiser_own": self.own.optimiser} if self.own else {}
        self.state |= late
        self.resume(frozenset(late))
        for optimiser in (self.optimiser_g, self.optimiser_d):
            set_rates(optimiser, [args.rate])
        if self.done == 0 and args.init:
            self.done = self.start_from(args.init)
        self.share([self.generator, self.average, self.critic, *([self.own.critic] if self.own else [])])

    def start_from(self, path: Path) -> int:
        """Landed weights: the averaged generator becomes generator and average; optimisers begin anew. The critic that
        ships goes on where the weights hold one."""
        weights, metadata = load_weights(path)
        modules = [("generator.", self.generator), ("generator.", self.average), ("critic.", self.critic)]
        if self.own and prefixed(weights, "own."):
            modules.append(("own.", self.own.critic))
        for prefix, module in modules:
            part = prefixed(weights, prefix)
            missing, extra = module.load_state_dict(part, strict=False)
            assert not extra and all(k.endswith("num_batches_tracked") for k in missing), (missing, extra)
        return int(metadata["pictures"])

    def conditions(self) -> tuple[Tensor, Tensor, Tensor]:
        """What the generator paints in one step → z [B,100], sentences [B,256], plain [B] (1 where the sentence is a
        real caption's, 0 where it is a mixture). The last `pairs` repeat the first ones' sentences with another z."""
        b, args, feed = self.batch, self.args, self.feed
        pairs = int(b * args.pairs)
        mixed = int(b * args.interpolated) if args.variant in ("int", "int-cls") else 0
        _, captions = feed.pick(b - pairs)
        sentences = feed.sentences[captions]
        _, others = feed.pick(mixed)
        beta = feed.uniform(mixed)
        if mixed:
            composed = int(mixed * args.composed)
            # The mixtures stand at the end, clear of the pairs.
            blend = interpolate_sentences(sentences[-mixed:], feed.sentences[others], beta)
            blend = torch.cat([blend[composed:], feed.compositions(composed)]) if composed else blend
            sentences = torch.cat([sentences[:-mixed], blend])
        plain = torch.ones(b, device=self.device)
        plain[b - pairs - mixed : b - pairs] = 0
        return feed.normal(b, self.config.z), torch.cat([sentences, sentences[:pairs]]), plain

    def step(self) -> dict[str, Tensor]:
        args, taps = self.args, self.critic_config.taps
        real, matching, mismatching = self.feed.real(self.batch)
        z, sentences, plain = self.conditions()
        pairs = int(self.batch * args.pairs)
        matters = self.matching()

        # `cached`: a spectral norm is computed once, not at every use of the weight.
        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            painted = self.generator(z, sentences)
            shown, shown_real = diff_augment(painted, self.random, pairs=pairs), diff_augment(real, self.random)
            features = look(self.frozen, shown, taps, args.look)
            with torch.no_grad():
                features_real = look(self.frozen, shown_real, taps, args.look)
            # Critic: the same painted pictures serve its step and the generator's; a second pass would cost a quarter.
            seen = self.critic.see(features)
            trunks = self.critic.trunks({k: v.detach() for k, v in seen.items()})
            trunks_real = self.critic.trunks(self.critic.see(features_real))
            real_right = self.critic.match(trunks_real, matching)
            real_wrong = self.critic.match(trunks_real, mismatching)
            loss_d = hinge_real(self.critic.realism(trunks_real)) + hinge_fake(self.critic.realism(trunks))
            wrong = hinge_fake(self.critic.match(trunks, sentences), plain)
            if args.variant in ("cls", "int-cls"):
                wrong = 0.5 * wrong + 0.5 * hinge_fake(real_wrong)
            loss_d = loss_d + matters * (hinge_real(real_right) + wrong)
        self.move(self.optimiser_d, loss_d, [self.critic])

        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            self.critic.requires_grad_(False)
            trunks = self.critic.trunks(seen)
            realism = self.critic.realism(trunks)
            matched = hinge_generator(self.critic.match(trunks, sentences))
            loss_g = hinge_generator(realism) + args.match * matters * matched
            apart = torch.zeros((), device=self.device)
            if pairs:
                apart = apart_in_pairs(features, pairs)
                loss_g = loss_g + args.seeking * torch.relu(args.apart - apart)
            self.critic.requires_grad_(True)
        self.move(self.optimiser_g, loss_g, [self.generator])
        if self.own:
            self.own.step(shown.detach(), shown_real, (matching, mismatching, sentences), plain)
        self.done += args.batch
        self.follow()
        margin = torch.stack([(a - b).mean() for a, b in zip(real_right, real_wrong, strict=True)]).mean()
        return {"loss_d": loss_d, "loss_g": loss_g, "match_margin": margin, "apart": apart}

    def matching(self) -> float:
        """The curriculum: how much the captions count, 0 until `matching_from` pictures and all a while later."""
        start = self.args.matching_from
        return 1.0 if start == 0 else min(1.0, max(0.0, (self.done - start) / RAMP))

    @torch.no_grad()
    def sheet(self, path: Path, rows: int = 10, columns: int = 9) -> None:
        """Fixed captions of val × fixed z; the caption's own photograph first."""
        chosen = torch.linspace(0, len(self.feed.val) - 1, rows).long().tolist()
        sentences = torch.cat(
            [s[:1] for s in embed_captions(self.args.encoder, [self.feed.val.captions[i][:1] for i in chosen])]
        )
        z = torch.randn(columns, self.config.z, generator=torch.Generator().manual_seed(4))
        size, margin = self.args.size, self.args.size // 16
        lines = []
        for i, sentence in zip(chosen, sentences, strict=True):
            painted = self.average(z.to(self.device), sentence.expand(columns, -1).to(self.device)).cpu()
            tiles = [self.feed.val.pictures[i][margin : margin + size, margin : margin + size]]
            tiles += list(to_bytes(painted))
            lines.append(tiles)
        write_sheet(path, lines)

    def save(self) -> None:
        if self.shared:
            parallel.average_buffers(self.generator)
            parallel.average_buffers(self.average)
        if self.rank == 0:
            self.keep()
            self.sheet(self.args.out / "sheets" / f"{self.done:08d}.png")
            landed = {f"generator.{k}": v for k, v in self.average.state_dict().items()}
            landed |= {f"critic.{k}": v for k, v in self.critic.state_dict().items()}
            if self.own:
                landed |= {f"own.{k}": v for k, v in self.own.critic.state_dict().items()}
            metadata = {
                "pictures": self.done,
                "config": asdict(self.config),
                "critic": asdict(self.critic_config),
            }
            if self.own:
                metadata["own"] = asdict(self.own.critic.config)
            save_weights(self.args.out / "landed.safetensors", landed, metadata, torch.float16)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="landed weights to go on from when --out has no checkpoint")
    parser.add_argument("--pictures", type=int, default=300_000, help="real pictures seen in all")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--look", type=int, default=80, help="edge to which pictures are enlarged for the critic")
    parser.add_argument("--channels", type=int, nargs="+", default=Config.channels, help="of G, at 4×4, 8×8 and so on")
    parser.add_argument("--mixed", type=int, default=0, help="channels of random projections of the critic's taps")
    parser.add_argument("--batch", type=int, default=64, help="over all processes")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--variant", choices=VARIANTS, default="int-cls", help="Reed et al. 2016: which losses")
    parser.add_argument(
        "--matching-from", type=int, default=0, help="curriculum: pictures that need only be plausible at first"
    )
    parser.add_argument(
        "--contrary", type=float, default=0.0, help="share of mismatches that are the own caption with colours changed"
    )
    parser.add_argument(
        "--composed", type=float, default=0.0, help="share of GAN-INT's mixtures that are contrary captions instead"
    )
    parser.add_argument("--own-critic", action="store_true", help="train the critic that ships, beside")
    add_arguments(parser, apart=1.08, interpolated=0.25, save_every=10_000)
    return parser.parse_args()


def main() -> None:
    args = parse()
    with parallel.processes(args.device):
        Trainer(args).run()


if __name__ == "__main__":
    main()
