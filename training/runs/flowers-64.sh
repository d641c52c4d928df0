#!/usr/bin/env bash
# The flower weights that ship, from nothing, on one thread: evaluator, text encoder, generator, landed copy, figures,
# export. Stop it whenever you like and start it again: every part goes on where it was.
#
#     PICTURES=2000000 nohup runs/flowers-64.sh > out/flowers-64.log &
#
# CORE=1 pins it to one core, which on a busy machine is much faster than letting it wander.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1
pictures=${PICTURES:-300000}
encoder=out/text-encoder/encoder.safetensors

run() {
  if [ -n "${CORE:-}" ]; then nice -n 10 taskset -c "$CORE" "$@"; else nice -n 10 "$@"; fi
}

# Figures of two evaluators do not compare, so the one in weights/ stays where there is one.
if [ ! -f weights/evaluator.safetensors ]; then
  run python train_evaluator.py --out out/evaluator
  mkdir -p weights
  cp out/evaluator/evaluator.safetensors weights/
fi
[ -f "$encoder" ] || run python train_text_encoder.py --out out/text-encoder --epochs 30
run python train_gan_int_cls.py --encoder "$encoder" --out out/flowers-64 --pictures "$pictures"

# Stopped by a signal, the trainer saves and ends well; what is not finished does not land.
reached=$(python -c 'from checkpoint import load_weights; from pathlib import Path
print(load_weights(Path("out/flowers-64/landed.safetensors"))[1]["pictures"])')
if [ "$reached" -lt "$pictures" ]; then
  echo "stopped at $reached of $pictures pictures; start this again to go on"
  exit 0
fi

mkdir -p weights
cp out/text-encoder/landed.safetensors weights/text-encoder.safetensors
cp out/flowers-64/landed.safetensors weights/flowers-64.safetensors
run python measure.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --json out/flowers-64/measured.json
run python sheet.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --card cards/flowers.json --out out/flowers-64/samples.webp
run python export.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --card cards/flowers.json --id flowers --storage int8 --measured out/flowers-64/measured.json \
  --samples out/flowers-64/samples.webp

# What ships, as it ships: 8-bit weights, painted by the engine's command line.
if command -v node > /dev/null && [ -d ../node_modules ]; then
  python measure.py --write-captions out/flowers-64/captions.txt
  run node ../bin/limn.js generate --captions out/flowers-64/captions.txt --count 4 --backend wasm \
    --out out/flowers-64/painted --json > out/flowers-64/painted.json
  run python measure.py --pictures out/flowers-64/painted --list out/flowers-64/painted.json \
    --json out/flowers-64/measured-as-shipped.json
fi
