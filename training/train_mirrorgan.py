"""Trains MirrorGAN (Qiao et al. 2019): GLAM against one projected critic a stage, and against STREAM, which reads every
picture back (see README.md for what differs from the paper).

    python train_mirrorgan.py --stem weights/stem-flowers.safetensors --captioner out/stream-train/landed.safetensors \\
        --init weights/flowers-64.safetensors --out out/mirror-64 --size 64 --pictures 60000
    python train_mirrorgan.py … --regions stem-flowers-regions.safetensors --init out/mirror-64/landed.safetensors \\
        --out out/mirror-128 --size 128 --pictures 60000

The second stage alone asks for --regions. The captioner that trains is not the one that ships, which may then score:
what lands says which one it was.
Stops and resumes at any point.
"""

import argparse
import copy
from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

import data
from alignment import Alignment
from augment import diff_augment
from cascade_start import start_from
from checkpoint import fingerprint, save_weights
from gan_run import GanRun, add_arguments, set_rates, write_sheet
from losses import (
    apart_in_pairs,
    hinge_fake,
    hinge_generator,
    hinge_real,
    interpolate_sentences,
    kl_divergence,
)
from models.glam import Cascade, Config, Glam
from models.projected_critic import Config as CriticConfig
from models.projected_critic import ProjectedCritic, look
from models.squeezenet import SqueezeNet
from models.stem import encode_all
from models.stream import load_stream
from painted import to_bytes
from sentences import embed_captions
from train_stream import word_loss
from word_feed import WordFeed, read

# Edge to which each stage's pictures are brought for its critic.
LOOKS = (80, 128)


class Trainer(GanRun):
    """GLAM, its moving average, a critic for each stage that learns, and the step that moves them."""

    # It begins with landed weights, which need not be forgotten at once.
    head_start = 1000

    def __init__(self, args: argparse.Namespace):
        super().__init__(args)
        self.feed = WordFeed(args.stem, args.size, self.device, self.random)
        torch.manual_seed(args.seed)
        self.config = replace(Config(), sentence_attention=not args.no_sentence_attention)
        self.depth = self.config.sizes.index(args.size)
        # With the first stage frozen there is nothing for its critic to say.
        self.learning = [i for i in range(self.depth + 1) if i == self.depth or args.lower > 0]
        self.generator = Glam(self.config).to(self.device, memory_format=torch.channels_last)
        critics = {str(i): ProjectedCritic(CriticConfig()) for i in range(len(self.config.sizes))}
        self.critics = nn.ModuleDict(critics).to(self.device, memory_format=torch.channels_last)
        self.frozen = SqueezeNet(data.DATA / "imagenet-features" / "squeezenet_v1_0.npz", torch.bfloat16).to(
            self.device
        )
        self.captioner, vocabulary, _ = load_stream(args.captioner)
        self.captioner.to(self.device).requires_grad_(False)
        self.said = self.feed.tokens_for(vocabulary, self.captioner.config.longest).to(self.device)
        aligns = args.align > 0 and self.depth > 0
        regions = args.stem.with_name(args.regions)
        self.alignment = Alignment(regions, self.frozen, self.device) if aligns else None
        # Pictures that the weights which it began with had seen.
        self.before = start_from(args.init, self.generator, self.critics) if args.init else 0
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        asking, upper, lower = self.parts()
        groups = [{"params": upper, "share": 1.0}, {"params": asking, "share": args.attention_rate}]
        if self.depth > 0:
            for parameter in lower:
                parameter.requires_grad_(args.lower > 0)
        if lower and (self.depth == 0 or args.lower > 0):
            groups.append({"params": lower, "share": 1.0 if self.depth == 0 else args.lower})
        self.optimiser_g = torch.optim.Adam([g for g in groups if g["params"]], args.rate, (0.0, 0.99))
        self.optimiser_d = torch.optim.Adam(self.critics.parameters(), args.rate, (0.0, 0.99))
        names = ("generator", "average", "critics", "optimiser_g", "optimiser_d")
        self.state = {name: getattr(self, name) for name in names}
        self.resume()
        # As asked for now: a checkpoint brings the shares of its own run.
        set_rates(self.optimiser_g, [args.rate * group["share"] for group in groups if group["params"]])
        set_rates(self.optimiser_d, [args.rate])

    def parts(self) -> tuple[list[nn.Parameter], list[nn.Parameter], list[nn.Parameter]]:
        """→ parameters of the stage that is trained now, those of its word attention apart, and of those below it"""
        mine = (f"stages.{self.depth - 1}.", f"paint.{self.depth}.")
        asking, upper, lower = [], [], []
        for name, parameter in self.generator.named_parameters():
            if name.startswith(f"{mine[0]}attend_words."):
                asking.append(parameter)
            elif name.startswith(mine):
                upper.append(parameter)
            elif not name.startswith(("stages.", "paint.")) or name.startswith("paint.0."):
                lower.append(parameter)
        return asking, upper, lower

    def conditions(self) -> dict[str, Tensor]:
        """What GLAM paints in one step. The last `pairs` repeat the first ones' captions with another z; where only
        the first stage learns, mixtures of two sentences stand before them (it reads no words)."""
        b, args, feed = self.args.batch, self.args, self.feed
        pairs, mixed = int(b * args.pairs), int(b * args.interpolated) if self.depth == 0 else 0
        _, captions = feed.pick(b - pairs)
        sentences = feed.sentences[captions]
        if mixed:
            _, others = feed.pick(mixed)
            blend = interpolate_sentences(sentences[-mixed:], feed.sentences[others], feed.uniform(mixed))
            sentences = torch.cat([sentences[:-mixed], blend])
        plain = torch.ones(b, device=self.device)
        plain[b - pairs - mixed : b - pairs] = 0
        captions = torch.cat([captions, captions[:pairs]])
        words, weight = feed.say(captions)
        return {
            "z": feed.normal(b, self.config.z),
            "sentence": torch.cat([sentences, sentences[:pairs]]),
            "words": words,
            "weight": weight,
            "noise": feed.normal(b, self.config.condition),
            "said": self.said[captions.to(self.device)],
            "plain": plain,
        }

    def paint(self, asked: dict[str, Tensor]) -> Cascade:
        # Frozen stages keep the statistics they have.
        if self.depth > 0 and self.args.lower == 0:
            self.generator.blocks.eval()
        parts = (asked[k] for k in ("z", "sentence", "words", "weight", "noise"))
        return self.generator(*parts, depth=self.depth)

    def step(self) -> dict[str, Tensor]:
        args = self.args
        real, matching, mismatching = self.feed.real(args.batch)
        asked = self.conditions()
        pairs = int(args.batch * args.pairs)
        found: dict[str, Tensor] = {}
        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            cascade = self.paint(asked)
            loss_d, features, seen = torch.zeros((), device=self.device), {}, {}
            for i in self.learning:
                critic, taps, painted = self.critics[str(i)], CriticConfig().taps, cascade.pictures[i]
                size = self.config.sizes[i]
                shown = diff_augment(painted, self.random, pairs=pairs)
                with torch.no_grad():
                    photographs = real if size == args.size else F.interpolate(real, (size, size), mode="area")
                    features_real = look(self.frozen, diff_augment(photographs, self.random), taps, LOOKS[i])
                features[i] = look(self.frozen, shown, taps, LOOKS[i])
                seen[i] = critic.see(features[i])
                trunks = critic.trunks({k: v.detach() for k, v in seen[i].items()})
                trunks_real = critic.trunks(critic.see(features_real))
                right, wrong = critic.match(trunks_real, matching), critic.match(trunks_real, mismatching)
                loss_d = loss_d + hinge_real(critic.realism(trunks_real)) + hinge_fake(critic.realism(trunks))
                loss_d = loss_d + hinge_real(right) + 0.5 * hinge_fake(wrong)
                loss_d = loss_d + 0.5 * hinge_fake(critic.match(trunks, asked["sentence"]), asked["plain"])
                found["match_margin"] = torch.stack([(a - b).mean() for a, b in zip(right, wrong, strict=True)]).mean()
        self.move(self.optimiser_d, loss_d, [self.critics])

        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            self.critics.requires_grad_(False)
            loss_g = torch.zeros((), device=self.device)
            for i in self.learning:
                critic, trunks = self.critics[str(i)], self.critics[str(i)].trunks(seen[i])
                loss_g = loss_g + hinge_generator(critic.realism(trunks))
                loss_g = loss_g + args.match * hinge_generator(critic.match(trunks, asked["sentence"]))
            self.critics.requires_grad_(True)
            if pairs and args.seeking > 0:
                found["apart"] = apart_in_pairs(features[self.depth], pairs)
                loss_g = loss_g + args.seeking * torch.relu(args.apart - found["apart"])
            if args.mirror > 0:
                own = asked["plain"] > 0
                f = self.captioner.features(cascade.pictures[-1][own])
                found["mirror"] = word_loss(self.captioner.logits(f, asked["said"][own]), asked["said"][own])
                loss_g = loss_g + args.mirror * found["mirror"]
            if self.depth == 0 or args.lower > 0:
                found["kl"] = kl_divergence(cascade.mean.float(), cascade.log_variance.float())
                loss_g = loss_g + args.kl * found["kl"]
            if self.alignment:
                found["align"] = self.alignment.loss(cascade, asked["words"], asked["weight"])
                loss_g = loss_g + args.align * found["align"]
        self.move(self.optimiser_g, loss_g, [self.generator])
        self.done += args.batch
        self.follow()
        return {"loss_d": loss_d, "loss_g": loss_g} | found

    @torch.no_grad()
    def sheet(self, path: Path, rows: int = 8, columns: int = 7) -> None:
        """Fixed captions of val × fixed z; the caption's own photograph first."""
        feed, size = self.feed, self.args.size
        chosen = torch.linspace(0, len(feed.val) - 1, rows).long().tolist()
        tokens = encode_all([feed.val.captions[i][:1] for i in chosen], feed.vocabulary, feed.stem.config.longest)
        sentences = torch.cat(embed_captions(self.args.stem, [feed.val.captions[i][:1] for i in chosen]))
        z = torch.randn(columns, self.config.z, generator=torch.Generator().manual_seed(4)).to(self.device)
        noise = torch.zeros(columns, self.config.condition, device=self.device)
        margin, lines = size // 16, []
        for i, row, sentence in zip(chosen, torch.cat(tokens), sentences, strict=True):
            words, weight = read(feed.stem, row.expand(columns, -1).to(self.device))
            said = sentence.expand(columns, -1).to(self.device)
            painted = self.average(z, said, words, weight, noise, self.depth).pictures[-1].cpu()
            photograph = feed.val.pictures[i][margin : margin + size, margin : margin + size]
            lines.append([photograph, *to_bytes(painted)])
        write_sheet(path, lines)

    def save(self) -> None:
        self.keep()
        self.sheet(self.args.out / "sheets" / f"{self.done:08d}.png")
        landed = {f"generator.{k}": v for k, v in self.average.state_dict().items()}
        landed |= {f"critics.{k}": v for k, v in self.critics.state_dict().items()}
        metadata = {
            "architecture": "mirror-gan",
            "pictures": self.before + self.done,
            "config": asdict(self.config),
            "depth": self.depth,
            "captioner": fingerprint(self.captioner.state_dict()),
        }
        save_weights(self.args.out / "landed.safetensors", landed, metadata, torch.float16)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stem", type=Path, required=True)
    parser.add_argument("--regions", default="regions.safetensors", help="beside --stem: its picture side")
    parser.add_argument("--captioner", type=Path, required=True, help="STREAM, frozen; not the one that measures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="landed weights of the flower generator or of an earlier stage")
    parser.add_argument("--size", type=int, choices=Config().sizes, default=64, help="of the stage that learns")
    parser.add_argument("--pictures", type=int, default=60_000, help="real pictures seen in all")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--lower", type=float, default=0.0, help="rate of the stages below, as a share; 0 freezes them")
    parser.add_argument(
        "--attention-rate", type=float, default=10.0, help="of the word attention: it begins with no view"
    )
    parser.add_argument("--mirror", type=float, default=5.0, help="λ of L_stream, a word's mean (equation 10)")
    parser.add_argument("--kl", type=float, default=1.0, help="weight of conditioning augmentation's divergence")
    parser.add_argument(
        "--align", type=float, default=3.0, help="weight of the attention's cross-entropy; 0 leaves it be"
    )
    parser.add_argument("--no-sentence-attention", action="store_true", help="words alone, for the ablation")
    add_arguments(parser, apart=1.08, interpolated=0.25, save_every=5_000)
    return parser.parse_args()


if __name__ == "__main__":
    Trainer(parse()).run()
