"""Trains MirrorGAN (Qiao et al. 2019): GLAM against one projected critic a stage, and against STREAM, which reads every
picture back (see README.md for what differs from the paper).

    python train_mirrorgan.py --stem weights/stem-flowers.safetensors --captioner out/stream-train/landed.safetensors \\
        --init weights/flowers-64.safetensors --out out/mirror-64 --size 64 --pictures 60000
    python train_mirrorgan.py … --init out/mirror-64/landed.safetensors --out out/mirror-128 --size 128 --pictures 60000

The captioner that trains is not the one that ships, which may then score. Stops and resumes at any point.
"""

import argparse
import copy
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.nn.utils import parametrize

import data
from augment import diff_augment
from checkpoint import load_checkpoint, load_weights, prefixed, save_checkpoint, save_weights
from losses import (
    apart_in_pairs,
    hinge_fake,
    hinge_generator,
    hinge_real,
    interpolate_sentences,
    kl_divergence,
)
from models.attention import ABSENT
from models.glam import Cascade, Config, Glam
from models.projected_critic import Config as CriticConfig
from models.projected_critic import ProjectedCritic, look
from models.regions import GRID, LOOK, LOOKED_AT, Regions, attention_of, places_of
from models.squeezenet import SqueezeNet
from models.stem import encode_all
from models.stream import load_stream
from painted import to_bytes
from running import GanRun, follow
from sentences import embed_captions
from train_gan_int_cls import DEEP
from train_stream import word_loss
from word_feed import WordFeed, read

# Edge to which each stage's pictures are brought for its critic.
LOOKS = (80, 128)


class Trainer(GanRun):
    """GLAM, its moving average, a critic for each stage that learns, and the step that moves them."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.device = torch.device(args.device)
        self.random = torch.Generator().manual_seed(args.seed)
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
        self.regions = self.load_regions() if args.align > 0 and self.depth > 0 else None
        # Pictures that the weights which it began with had seen.
        self.before = self.start_from(args.init) if args.init else 0
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
        self.state = {
            "generator": self.generator,
            "average": self.average,
            "critics": self.critics,
            "optimiser_g": self.optimiser_g,
            "optimiser_d": self.optimiser_d,
        }
        self.done, _ = load_checkpoint(args.out / "checkpoint.pt", self.state, self.random)
        for group in self.optimiser_g.param_groups:
            group["lr"] = args.rate * group["share"]
        for group in self.optimiser_d.param_groups:
            group["lr"] = args.rate

    def load_regions(self) -> Regions:
        weights, metadata = load_weights(self.args.stem.with_name(self.args.regions))
        regions = Regions(metadata["word"])
        regions.load_state_dict(weights)
        return regions.to(self.device).requires_grad_(False)

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

    def start_from(self, path: Path) -> int:
        """Landed weights: of this network, or of the flower generator, whose sentences STEM has learnt to say → the
        pictures that they have seen"""
        weights, metadata = load_weights(path)
        painter, critics = prefixed(weights, "generator."), prefixed(weights, "critics.")
        if "text.weight" in painter:
            text, bias = painter.pop("text.weight"), painter.pop("text.bias")
            # μ is what the text's layer said, σ begins small.
            painter["augmentation.moments.weight"] = torch.cat([text, torch.zeros_like(text)])
            painter["augmentation.moments.bias"] = torch.cat([bias, torch.full_like(bias, -4.0)])
            for part in ("weight", "bias"):
                painter[f"paint.0.{part}"] = painter.pop(f"paint.{part}")
            one = prefixed(weights, "critic.")
            critics = {f"{i}.{k}": v for i in self.critics for k, v in one.items()}
        # Stages that had not begun to learn are no start.
        begun = metadata.get("depth", 0)
        later = range(begun, len(self.config.stages))
        upper = tuple(f"stages.{i}." for i in later) + tuple(f"paint.{i + 1}." for i in later)
        painter = {k: v for k, v in painter.items() if not k.startswith(upper)}
        missing, extra = self.generator.load_state_dict(painter, strict=False)
        assert not extra, extra
        assert all(k.endswith("num_batches_tracked") or k.startswith(upper) for k in missing), missing
        # Landed for good, the cascade keeps the last stage's critic alone; the others begin anew.
        missing, extra = self.critics.load_state_dict(critics, strict=False)
        assert not extra and not any(k.startswith(f"{len(self.critics) - 1}.") for k in missing), (missing, extra)
        return int(metadata["pictures"])

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
            loss_d, seen = torch.zeros((), device=self.device), {}
            for i in self.learning:
                critic, taps, painted = self.critics[str(i)], CriticConfig().taps, cascade.pictures[i]
                size = self.config.sizes[i]
                shown = diff_augment(painted, self.random, pairs=pairs)
                with torch.no_grad():
                    photographs = real if size == args.size else F.interpolate(real, (size, size), mode="area")
                    features_real = look(self.frozen, diff_augment(photographs, self.random), taps, LOOKS[i])
                features = seen[i] = look(self.frozen, shown, taps, LOOKS[i])
                trunks = critic.trunks({k: v.detach() for k, v in features.items()})
                trunks_real = critic.trunks(features_real)
                right, wrong = critic.match(trunks_real, matching), critic.match(trunks_real, mismatching)
                loss_d = loss_d + hinge_real(critic.realism(trunks_real)) + hinge_fake(critic.realism(trunks))
                loss_d = loss_d + hinge_real(right) + 0.5 * hinge_fake(wrong)
                loss_d = loss_d + 0.5 * hinge_fake(critic.match(trunks, asked["sentence"]), asked["plain"])
                found["match_margin"] = torch.stack([(a - b).mean() for a, b in zip(right, wrong, strict=True)]).mean()
        self.optimiser_d.zero_grad(set_to_none=True)
        loss_d.backward()
        self.optimiser_d.step()

        with torch.autocast(self.device.type, torch.bfloat16), parametrize.cached():
            self.critics.requires_grad_(False)
            loss_g = torch.zeros((), device=self.device)
            for i in self.learning:
                trunks = self.critics[str(i)].trunks(seen[i])
                loss_g = loss_g + hinge_generator(self.critics[str(i)].realism(trunks))
                loss_g = loss_g + hinge_generator(self.critics[str(i)].match(trunks, asked["sentence"]))
            self.critics.requires_grad_(True)
            if pairs and args.seeking > 0:
                found["apart"] = apart_in_pairs(seen[self.depth], pairs, DEEP)
                loss_g = loss_g + args.seeking * torch.relu(args.apart - found["apart"])
            if args.mirror > 0:
                own = asked["plain"] > 0
                f = self.captioner.features(cascade.pictures[-1][own])
                found["mirror"] = word_loss(self.captioner.logits(f, asked["said"][own]), asked["said"][own])
                loss_g = loss_g + args.mirror * found["mirror"]
            if self.depth == 0 or args.lower > 0:
                found["kl"] = kl_divergence(cascade.mean.float(), cascade.log_variance.float())
                loss_g = loss_g + args.kl * found["kl"]
            if self.regions is not None:
                found["align"] = self.alignment(cascade, asked)
                loss_g = loss_g + args.align * found["align"]
        self.optimiser_g.zero_grad(set_to_none=True)
        loss_g.backward()
        self.optimiser_g.step()
        self.done += args.batch
        self.follow()
        return {"loss_d": loss_d, "loss_g": loss_g} | found

    def alignment(self, cascade: Cascade, asked: dict[str, Tensor], share: int = 4) -> Tensor:
        """How far GLAM's attention is from where the words stand in what it painted, by STEM's picture side (which is
        not moved): cross-entropy over words, mean over places; of one in `share` pictures."""
        n = self.args.batch // share
        painted = cascade.pictures[-1][:n].detach()
        words, weight = asked["words"][:n], asked["weight"][:n]
        with torch.no_grad():
            found = self.frozen(F.interpolate(painted, (LOOK, LOOK), mode="area"), LOOKED_AT)
            aim = attention_of(self.regions(self.regions.reduce(places_of(found))), words, weight > ABSENT / 2)
        losses = []
        for attention in cascade.attention:
            edge = round(attention.shape[1] ** 0.5)
            maps = attention[:n].transpose(1, 2).unflatten(2, (edge, edge))  # [n,T,H,W]
            small = F.interpolate(maps, (GRID, GRID), mode="area").flatten(2).transpose(1, 2)
            losses.append(-(aim * small.clamp(min=1e-6).log()).sum(2).mean())
        return torch.stack(losses).mean()

    def follow(self) -> None:
        """The average's half-life is 10,000 pictures, shorter at the start."""
        half_life = min(self.args.half_life, max(self.done, 1) * 0.1 + 1000)
        follow(self.average, self.generator, 0.5 ** (self.args.batch / half_life))

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
            lines.append(np.concatenate([photograph, *to_bytes(painted)], 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.concatenate(lines, 0)).save(path)

    def save(self) -> None:
        save_checkpoint(self.args.out / "checkpoint.pt", self.state, self.done, self.random, {})
        self.sheet(self.args.out / "sheets" / f"{self.done:08d}.png")
        landed = {f"generator.{k}": v for k, v in self.average.state_dict().items()}
        landed |= {f"critics.{k}": v for k, v in self.critics.state_dict().items()}
        metadata = {
            "architecture": "mirror-gan",
            "pictures": self.before + self.done,
            "config": asdict(self.config),
            "depth": self.depth,
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
        "--attention-rate",
        type=float,
        default=10.0,
        help="of the word attention, as a multiple: it begins with no view",
    )
    parser.add_argument("--half-life", type=float, default=10_000, help="of the weights' moving average, in pictures")
    parser.add_argument("--mirror", type=float, default=5.0, help="λ of L_stream, a word's mean (equation 10)")
    parser.add_argument("--kl", type=float, default=1.0, help="weight of conditioning augmentation's divergence")
    parser.add_argument(
        "--align", type=float, default=3.0, help="weight of the attention's cross-entropy; 0 leaves it be"
    )
    parser.add_argument("--no-sentence-attention", action="store_true", help="words alone, for the ablation")
    parser.add_argument("--interpolated", type=float, default=0.25, help="GAN-INT: share of mixtures, first stage only")
    parser.add_argument("--pairs", type=float, default=0.25, help="share of G's batch that repeats a caption")
    parser.add_argument("--seeking", type=float, default=6.0, help="weight of the mode-seeking hinge")
    parser.add_argument("--apart", type=float, default=1.08, help="relative distance of a pair that satisfies it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=5_000, help="pictures between checkpoints")
    parser.add_argument("--log-every", type=int, default=20, help="steps between log lines")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


if __name__ == "__main__":
    Trainer(parse()).run()
