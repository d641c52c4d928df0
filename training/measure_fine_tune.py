"""Does fine-tuning in the tab teach a bird to the flower model without costing it its flowers? Or cut paper to the one
that paints faces?

    python measure_fine_tune.py --bird Indigo_Bunting --write out/fine-tune    # 40 pictures to learn from
    limn fine-tune --data out/fine-tune/data --out out/fine-tune/run --steps 200
    python measure_fine_tune.py --bird Indigo_Bunting --models ../public/models out/fine-tune/run --json figures.json

    (cd .. && node bin/run.js tests/bench/paper-faces.ts training/out/paper)   # 24 in data/, others in back/
    limn fine-tune --model faces --data out/paper/data --out out/paper/run --steps 200
    python measure_fine_tune.py --paper out/paper --models ../public/models out/paper/run

KID × 1000 by the evaluator, which no generator is trained against: to pictures of the new that were kept back, of
pictures painted for their captions; and to the old's val photographs, of pictures painted for theirs. The pictures are
painted by the engine that ships. The evaluator has seen the old only, so that the two columns have no common scale:
read each against its own first row.
"""

import argparse
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

import data
import metrics
from face_feed import tell_all
from models.evaluator import Evaluator, load_evaluator
from painted import SIZE
from photographs import features_of

LEARNT = 40
LIMN = Path(__file__).parents[1] / "bin" / "limn.js"


def rows_of(bird: str, folder: Path) -> list[dict]:
    """The class' lines of captions.jsonl, in their order: the first LEARNT are learnt from."""
    rows = [row for row in data.read_rows(folder) if row["class"].split(".")[-1] == bird]
    assert len(rows) > LEARNT, f"{len(rows)} pictures of {bird}"
    return rows


def write(bird: str, out: Path) -> None:
    """A folder of pictures with metadata.jsonl, as `limn fine-tune --data` reads it; a caption a picture."""
    folder = data.DATA / "birds"
    decoded = data.decode_pictures(folder, 128)
    (out / "data").mkdir(parents=True, exist_ok=True)
    with open(out / "data" / "metadata.jsonl", "w", encoding="utf-8") as file:
        for i, row in enumerate(rows_of(bird, folder)[:LEARNT]):
            name = f"{i:02}.png"
            Image.fromarray(decoded[row["image"]]).save(out / "data" / name)
            text = row["captions"][i % len(row["captions"])]
            file.write(json.dumps({"file_name": name, "text": text}) + "\n")


@dataclass(frozen=True)
class Yardstick:
    """Captions to paint, and features [·,F] of the photographs that belong to them."""

    captions: list[str]
    real: np.ndarray
    # Of as many photographs as a model is shown of the class, for scale; of flowers none.
    learnt: np.ndarray | None = None


def bird_yardsticks(bird: str, evaluator: Evaluator) -> dict[str, Yardstick]:
    folder = data.DATA / "birds"
    decoded = data.decode_pictures(folder, SIZE)
    rows = rows_of(bird, folder)
    features = features_of(evaluator, np.stack([decoded[row["image"]] for row in rows]))
    back = [caption for row in rows[LEARNT:] for caption in row["captions"]]
    val = data.load("flowers", "val", SIZE)
    flowers = [of_one[i % len(of_one)] for i, of_one in enumerate(val.captions)]
    return {
        "new": Yardstick(back, features[LEARNT:], features[:LEARNT]),
        "old": Yardstick(flowers, features_of(evaluator, val.pictures)),
    }


def paper_yardsticks(folder: Path, evaluator: Evaluator) -> dict[str, Yardstick]:
    """folder: data/ and back/, pictures with their captions in files of text beside them"""

    def features(part: str) -> np.ndarray:
        pictures = [Image.open(path).convert("RGB") for path in sorted((folder / part).glob("*.png"))]
        return features_of(
            evaluator, np.stack([np.asarray(p.resize((SIZE, SIZE), Image.Resampling.BOX)) for p in pictures])
        )

    back = [path.read_text(encoding="utf-8") for path in sorted((folder / "back").glob("*.txt"))]
    val = data.load_faces("val", SIZE)
    faces = [of_one[i % len(of_one)] for i, of_one in enumerate(tell_all(val).texts)]
    return {
        "new": Yardstick(back, features("back"), features("data")),
        "old": Yardstick(faces, features_of(evaluator, val.pictures)),
    }


def painted(models: Path, parent: str, captions: list[str], seed: int) -> np.ndarray:
    """By the command line → [N,64,64,3] uint8; `models`: a folder of models with the parent, or of one model."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "captions.txt").write_text("\n".join(" ".join(c.split()) for c in captions), encoding="utf-8")
        known = json.loads((models / "manifest.json").read_text(encoding="utf-8"))["models"]
        which = next((m["id"] for m in known if m["id"] == parent), known[0]["id"])
        command = ["node", str(LIMN), "generate", "--models", str(models), "--model", which, "--json"]
        command += ["--captions", f"{folder}/captions.txt", "--seed", str(seed), "--backend", "wasm", "--out", folder]
        listed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return np.stack([np.asarray(Image.open(one["file"]).convert("RGB")) for one in listed])


def measure(
    models: Path, parent: str, sticks: dict[str, Yardstick], evaluator: Evaluator, seeds: list[int]
) -> dict[str, float]:
    """→ KID × 1000 of each yardstick, the mean of a set of pictures a seed: one set of flowers lies some 4 from
    another, which is as much as is asked about"""
    figures = {}
    for name, stick in sticks.items():
        sets = []
        for seed in seeds:
            found = features_of(evaluator, painted(models, parent, stick.captions, seed))
            random = np.random.default_rng(0)
            sets.append(metrics.kernel_distance_over_subsets(found, stick.real, random, subsets=40)[0])
        figures[name] = 1000 * float(np.mean(sets))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bird", default="Indigo_Bunting", help="a class of the birds, without its number")
    parser.add_argument("--paper", type=Path, help="faces of cut paper instead: the folder of data/ and back/")
    parser.add_argument("--write", type=Path, help="write the pictures to learn from, and measure nothing")
    parser.add_argument(
        "--models", type=Path, nargs="+", default=[], help="folders of models; the first is the parent's"
    )
    parser.add_argument("--evaluator", type=Path, help="weights/evaluator.safetensors, of faces face-evaluator")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", type=int, default=4, help="of pictures, each of other seeds")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    if args.write:
        write(args.bird, args.write)
        return
    weights = Path("weights") / ("face-evaluator.safetensors" if args.paper else "evaluator.safetensors")
    evaluator, _ = load_evaluator(args.evaluator or weights)
    if args.paper:
        name, parent, sticks = "paper", "faces", paper_yardsticks(args.paper, evaluator)
    else:
        name, parent, sticks = args.bird, "flowers", bird_yardsticks(args.bird, evaluator)
    # A picture a caption, and a seed a picture: sets that far apart share none.
    seeds = [args.seed + 1000 * i for i in range(args.sets)]
    new = sticks["new"]
    between = 1000 * metrics.kernel_distance(new.learnt, new.real)
    print(f"{name}: {len(new.learnt)} learnt from, {len(new.real)} kept back; KID between the two {between:.0f}")
    table = []
    for models in args.models:
        figures = measure(models, parent, sticks, evaluator, seeds)
        table.append({"models": str(models)} | figures)
        ratios = {name: figures[name] / table[0][name] for name in figures}
        print(
            f"{models}: new {figures['new']:.0f} ({ratios['new']:.2f} of the parent's), "
            f"old {figures['old']:.1f} ({ratios['old']:.2f})",
            flush=True,
        )
    if args.json:
        args.json.write_text(json.dumps({"new": name, "between": between, "rows": table}, indent=1) + "\n")


if __name__ == "__main__":
    main()
