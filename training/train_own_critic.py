"""Trains the critic that ships, for fine-tuning in the tab, where none was trained beside the generator: it looks at
photographs and at what the landed generator paints, which stays as it is.

    python train_own_critic.py --set faces --landed out/faces-64/landed.safetensors \\
        --encoder weights/face-encoder.safetensors --out out/faces-critic

Writes log.csv and landed.safetensors (own.*, float16) for `export.py --critic`. Stops and resumes at any point.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

import captioned
from augment import diff_augment
from checkpoint import fingerprint, load_weights, prefixed, save_weights
from gan_run import GanRun, set_rates
from models.critic import Config
from own_critic import OwnCritic
from painted import load_generator

# A generator that moves wants none.
MOMENTUM = 0.9


class Trainer(GanRun):
    """A generator that stays as it is, a critic, and the step that moves it."""

    def __init__(self, args: argparse.Namespace):
        super().__init__(args)
        torch.manual_seed(args.seed)
        self.generator = load_generator(args.landed).to(self.device).requires_grad_(False)
        size = self.generator.config.size
        self.feed = captioned.feed(args.set, args.encoder, size, self.device, self.random)
        config = Config(sentence=self.feed.sentences.shape[1])
        self.own = OwnCritic(self.device, config, args.rate, MOMENTUM, args.contrast)
        for layer in self.own.critic.modules():
            # Spectral norm divides by a matrix's longest axis: where all are of one length, less is lost on the way.
            if isinstance(layer, nn.Conv2d | nn.Linear):
                weight = layer.parametrizations.weight.original
                weight.data.copy_(nn.init.orthogonal_(torch.empty(weight.shape)))
        self.state = {"own": self.own.critic, "optimiser_own": self.own.optimiser}
        # Whose pictures it has seen.
        self.saw = {"generator": fingerprint(prefixed(load_weights(args.landed)[0], "generator."))}
        extra = self.resume()
        set_rates(self.own.optimiser, [args.rate])
        assert not extra or extra["saw"] == self.saw, f"{args.out} was begun beside another generator"

    def step(self) -> dict[str, Tensor]:
        b = self.args.batch
        real, matching, mismatching = self.feed.real(b)
        asked = self.feed.sentences[self.feed.pick(b)[1]]
        z = self.feed.normal(b, self.generator.config.z)
        with torch.no_grad(), torch.autocast(self.device.type, torch.bfloat16):
            painted = self.generator(z, asked).float()
        shown, shown_real = diff_augment(painted, self.random), diff_augment(real, self.random)
        plain = torch.ones(b, device=self.device)
        loss = self.own.step(shown, shown_real, (matching, mismatching, asked), plain)
        self.done += b
        return {"loss": loss} | self.right(shown, shown_real, matching, mismatching)

    @torch.no_grad()
    def right(self, painted: Tensor, real: Tensor, matching: Tensor, mismatching: Tensor) -> dict[str, Tensor]:
        """What share it takes for what it is, by the mean of its map, as the tab shows it."""
        critic = self.own.critic
        trunk, trunk_real = critic.trunk(painted), critic.trunk(real)
        said = {
            "real": critic.realism(trunk_real)[0],
            "painted": -critic.realism(trunk)[0],
            "own": critic.match(trunk_real, matching)[0],
            "others": -critic.match(trunk_real, mismatching)[0],
        }
        return {name: (of_one.mean(1) > 0).float().mean() for name, of_one in said.items()}

    def save(self) -> None:
        self.keep(saw=self.saw)
        landed = {f"own.{k}": v for k, v in self.own.critic.state_dict().items()}
        metadata = self.saw | {"pictures": self.done, "own": asdict(self.own.critic.config)}
        save_weights(self.args.out / "landed.safetensors", landed, metadata, torch.float16)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--landed", type=Path, required=True, help="the generator whose pictures it sees")
    parser.add_argument("--set", choices=captioned.SETS, default="faces")
    parser.add_argument("--encoder", type=Path, required=True, help="of the captions")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=100_000, help="photographs seen in all")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3, help="faster than beside: the generator stands still")
    parser.add_argument("--contrast", type=float, default=1.0, help="weight of the own caption among the batch's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=10_000, help="pictures between checkpoints")
    parser.add_argument("--log-every", type=int, default=20, help="steps between log lines")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def main() -> None:
    Trainer(parse()).run()


if __name__ == "__main__":
    main()
