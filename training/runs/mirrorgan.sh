#!/usr/bin/env bash
# MirrorGAN on flowers, on one thread, from the flower generator's landed weights: STEM, a captioner to train against,
# first stage, second stage, figures, export. Stop it whenever you like and start it again: every part goes on where it
# was. CORE=1 pins it to one core.
source "$(dirname "$0")/common.sh"
first=${FIRST:-20480} second=${SECOND:-60000}

train() { # size, pictures, landed weights to begin with
  run python train_mirrorgan.py --stem out/stem/landed.safetensors \
    --captioner out/stream-train/landed.safetensors --init "$3" --out "out/mirror-$1" --size "$1" --pictures "$2"
}

[ -f out/stem/landed.safetensors ] || run python train_stem.py --out out/stem
# Another seed and fewer passes than the captioner that ships, which is to score.
[ -f out/stream-train/landed.safetensors ] || run python train_stream.py --out out/stream-train --epochs 6 --seed 2
train 64 "$first" weights/flowers-64.safetensors
finished out/mirror-64 "$(($(reached weights/flowers-64.safetensors) + first))"
train 128 "$second" out/mirror-64/landed.safetensors
finished out/mirror-128 "$(($(reached out/mirror-64/landed.safetensors) + second))"

# The words that people type; what it says of the captions that it knows stays, and so the cascade does.
run python widen_stem.py --encoder out/stem/landed.safetensors --out out/stem-wide
cp out/stem-wide/landed.safetensors weights/stem-flowers.safetensors
cp out/mirror-128/landed.safetensors weights/mirrorgan-128.safetensors
landed=(--landed weights/mirrorgan-128.safetensors --encoder weights/stem-flowers.safetensors)
run python measure.py "${landed[@]}" --json out/mirror-128/measured.json
run python measure_mirrorgan.py "${landed[@]}" --json out/mirror-128/attention.json
run python sheet.py "${landed[@]}" --card cards/mirrorgan.json --columns 6 --out out/mirror-128/samples.webp
run python export.py "${landed[@]}" --card cards/mirrorgan.json --id mirrorgan --storage int8 \
  --measured out/mirror-128/measured.json --samples out/mirror-128/samples.webp
run python export.py --id mirrorgan --captioner-of flowers --style-encoder-of flowers
