#!/usr/bin/env bash
# The flower weights that ship, from nothing, on one thread: evaluator, text encoder, generator and the critic that ships
# with it, captioner, style encoder, landed copies, figures, film, export. Stop it whenever you like and start it again: every part goes on where it was.
#
#     PICTURES=2000000 nohup runs/flowers-64.sh > out/flowers-64.log &
#
# CORE=1 pins it to one core, which on a busy machine is much faster than letting it wander.
source "$(dirname "$0")/common.sh"
pictures=${PICTURES:-1500000}
encoder=out/text-encoder/encoder.safetensors

# Figures of two evaluators do not compare, so the one in weights/ stays where there is one.
if [ ! -f weights/evaluator.safetensors ]; then
  run python train_evaluator.py --out out/evaluator
  mkdir -p weights
  cp out/evaluator/evaluator.safetensors weights/
fi
[ -f "$encoder" ] || run python train_text_encoder.py --out out/text-encoder --epochs 30
# As the run that ships went, on one core in place of two: from a quarter of the way on larger batches and half the weight
# on matching; the last quarter is slowed twice, with longer averages. With more PICTURES later it goes on from there.
flowers=(python train_gan_int_cls.py --encoder "$encoder" --own-critic)
part out/flowers-64 $((pictures * 27 / 100)) "${flowers[@]}"
flowers+=(--match 0.5 --batch 128)
part out/flowers-64 $((pictures * 77 / 100)) "${flowers[@]}"
part out/flowers-64 $((pictures * 89 / 100)) "${flowers[@]}" --rate 1e-4 --half-life 15000
part out/flowers-64 "$pictures" "${flowers[@]}" --rate 5e-5 --half-life 20000

mkdir -p weights
# More names of colours for it; what it says of the captions that it knows stays, and so the generator does.
run python widen_text_encoder.py --encoder out/text-encoder/landed.safetensors --out out/text-encoder-wide
cp out/text-encoder-wide/landed.safetensors weights/text-encoder.safetensors
cp out/flowers-64/landed.safetensors weights/flowers-64.safetensors
run python measure.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --json out/flowers-64/measured.json
run python sheet.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --card cards/flowers.json --out out/flowers-64/samples.webp
run python timelapse.py --sheets out/flowers-64/sheets --out out/flowers-64/timelapse.webp
run python export.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --card cards/flowers.json --id flowers --storage int8 --measured out/flowers-64/measured.json \
  --samples out/flowers-64/samples.webp --timelapse out/flowers-64/timelapse.webp
run python export.py --id flowers --critic weights/flowers-64.safetensors

# Captioner and style encoder; the latter belongs to this generator and to no other.
if [ ! -f weights/stream-flowers.safetensors ]; then
  run python train_stream.py --out out/stream --epochs 24
  run python measure_stream.py --landed out/stream/landed.safetensors --land weights/stream-flowers.safetensors
fi
run python export.py --id flowers --captioner weights/stream-flowers.safetensors
run python train_style_encoder.py --landed weights/flowers-64.safetensors --encoder weights/text-encoder.safetensors \
  --out out/style-encoder
cp out/style-encoder/landed.safetensors weights/style-encoder-flowers.safetensors
run python export.py --id flowers --style-encoder weights/style-encoder-flowers.safetensors

# What ships, as it ships: 8-bit weights, painted by the engine's command line.
if command -v node > /dev/null && [ -d ../node_modules ]; then
  python measure.py --write-captions out/flowers-64/captions.txt
  run node ../bin/limn.js generate --captions out/flowers-64/captions.txt --count 4 --backend wasm \
    --out out/flowers-64/painted --json > out/flowers-64/painted.json
  run python measure.py --pictures out/flowers-64/painted --list out/flowers-64/painted.json \
    --json out/flowers-64/measured-as-shipped.json
fi
