"""The honest baseline: GAN, GAN-CLS, GAN-INT and GAN-INT-CLS as published (Reed et al. 2016, algorithm 1): DCGAN,
binary cross-entropy, Adam 2e-4 with β .5, batch 64, no augmentation but flips and crops, no moving average.

    python train_dcgan.py --variant int-cls --encoder weights/text-encoder.safetensors --out out/dcgan-int-cls \
        --seconds 3600

Trains for so many seconds of processor time, so that it can be compared with another recipe at the same compute.
Stops and resumes at any point.
"""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from checkpoint import load_checkpoint, save_checkpoint, save_weights
from feed import Feed
from models.dcgan import Config, Discriminator, Generator
from running import Asked
from train_gan_int_cls import VARIANTS


class Baseline:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.random = torch.Generator().manual_seed(args.seed)
        self.feed = Feed(args.encoder, 64, torch.device("cpu"), self.random)
        torch.manual_seed(args.seed)
        self.config = Config()
        self.generator = Generator(self.config).to(memory_format=torch.channels_last)
        self.critic = Discriminator(self.config).to(memory_format=torch.channels_last)
        self.optimiser_g = torch.optim.Adam(self.generator.parameters(), 2e-4, (0.5, 0.999))
        self.optimiser_d = torch.optim.Adam(self.critic.parameters(), 2e-4, (0.5, 0.999))
        self.state = {
            "generator": self.generator,
            "critic": self.critic,
            "optimiser_g": self.optimiser_g,
            "optimiser_d": self.optimiser_d,
        }
        self.done, extra = load_checkpoint(args.out / "checkpoint.pt", self.state, self.random)
        self.spent = extra.get("seconds", 0.0)

    def step(self) -> dict[str, float]:
        """Algorithm 1: s_r real and right, s_w real and wrong, s_f fake and right."""
        b, feed, variant = self.args.batch, self.feed, self.args.variant
        real, right, wrong = feed.real(b)
        with torch.autocast("cpu", torch.bfloat16):
            fake = self.generator(feed.normal(b, self.config.z), right)
            s_r, s_f = self.critic(real, right), self.critic(fake.detach(), right)
            loss_d = _bce(s_r, 1) + _bce(s_f, 0)
            if variant in ("cls", "int-cls"):
                loss_d = _bce(s_r, 1) + (_bce(s_f, 0) + _bce(self.critic(real, wrong), 0)) / 2
        self.optimiser_d.zero_grad(set_to_none=True)
        loss_d.backward()
        self.optimiser_d.step()
        with torch.autocast("cpu", torch.bfloat16):
            loss_g = _bce(self.critic(fake, right), 1)
            if variant in ("int", "int-cls"):
                # Equation 5 with β = ½, over sentences that need not be anyone's.
                mixed = (right + right.flip(0)) / 2
                loss_g = loss_g + _bce(self.critic(self.generator(feed.normal(b, self.config.z), mixed), mixed), 1)
        self.optimiser_g.zero_grad(set_to_none=True)
        loss_g.backward()
        self.optimiser_g.step()
        self.done += b
        return {"loss_d": float(loss_d.detach()), "loss_g": float(loss_g.detach())}

    def save(self) -> None:
        save_checkpoint(self.args.out / "checkpoint.pt", self.state, self.done, self.random, {"seconds": self.spent})
        landed = {f"generator.{k}": v for k, v in self.generator.state_dict().items()}
        metadata = {"pictures": self.done, "config": asdict(self.config), "architecture": "dcgan"}
        save_weights(self.args.out / "landed.safetensors", landed, metadata, torch.float16)

    def run(self) -> None:
        asked = Asked()
        steps = 0
        while self.spent < self.args.seconds and not asked.stop:
            begun = time.process_time()
            losses = self.step()
            self.spent += time.process_time() - begun
            steps += 1
            if steps % 100 == 0:
                print({"pictures": self.done, "seconds": round(self.spent)} | losses, flush=True)
            if steps % 1000 == 0:
                self.save()
        self.save()


def _bce(logits: Tensor, target: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--variant", choices=VARIANTS, default="int-cls")
    parser.add_argument("--seconds", type=float, default=3600, help="of processor time")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    Baseline(parser.parse_args()).run()


if __name__ == "__main__":
    main()
