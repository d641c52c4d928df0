#!/usr/bin/env bash
# The faces that ship, from nothing, on one thread: evaluator, text encoder, generator, landed copy, figures, export.
# Stop it whenever you like and start it again: every part goes on where it was, in the midst of growing too.
#
#     PICTURES=1500000 nohup runs/faces-64.sh > out/faces-64.log &
#
# What ships did not end with it: at 746,016 pictures that run was lost with its machine, and it went on from the generator
# that shipped (README.md: "Faces, from what ships"; RESULTS.md: "On from what ships").
#
# CORE=1 pins it to one core, which on a busy machine is much faster than letting it wander.
source "$(dirname "$0")/common.sh"
pictures=${PICTURES:-1500000}
encoder=out/face-encoder/encoder.safetensors

mkdir -p weights
# Figures of two evaluators do not compare, so the one in weights/ stays where there is one.
if [ ! -f weights/face-evaluator.safetensors ]; then
  run python train_face_evaluator.py --out out/face-evaluator
  cp out/face-evaluator/evaluator.safetensors weights/face-evaluator.safetensors
fi
[ -f "$encoder" ] || run python train_face_encoder.py --out out/face-encoder
# The last part is slowed twice, and words count half of what they did: faces no longer overdo what was said of them.
grown=(python train_t2f.py --encoder "$encoder" --contrary 0.5)
part out/faces-64 $((pictures * 94 / 100)) "${grown[@]}" --rate 1e-3
part out/faces-64 $((pictures * 97 / 100)) "${grown[@]}" --rate 4e-4 --far-rate 8e-5 --match 0.5
part out/faces-64 "$pictures" "${grown[@]}" --rate 2e-4 --far-rate 4e-5 --match 0.5

# The words that people type; what it says of the grammar's sentences stays, and so the generator does.
run python widen_face_encoder.py --encoder "$encoder" --out out/face-encoder-wide
cp out/face-encoder-wide/landed.safetensors weights/face-encoder.safetensors
cp out/faces-64/landed.safetensors weights/faces-64.safetensors
landed="--landed weights/faces-64.safetensors --encoder weights/face-encoder.safetensors"
run python measure_faces.py $landed --json out/faces-64/measured.json
run python measure_typed_faces.py $landed
run python timelapse.py --sheets out/faces-64/sheets --out out/faces-64/timelapse.webp --captions 0 2 4 5 7 9
run python sheet.py $landed --card cards/faces.json --truncation 0.8 --out out/faces-64/samples.webp
run python export.py $landed --card cards/faces.json --id faces --storage int8 --measured out/faces-64/measured.json \
  --samples out/faces-64/samples.webp --timelapse out/faces-64/timelapse.webp

# What reads a face back, and what takes its style over; the style encoder belongs to this very generator.
run python train_stream.py --set faces --encoder weights/face-encoder.safetensors --out out/stream-faces --epochs 10
run python measure_stream.py --set faces --encoder weights/face-encoder.safetensors \
  --landed out/stream-faces/landed.safetensors --land out/stream-faces/final.safetensors
run python export.py --id faces --captioner out/stream-faces/final.safetensors --captioner-card cards/captioner-faces.json
# ε could stand in for the words: what S finds is held to what was drawn, more than for flowers.
run python train_style_encoder.py --set faces $landed --out out/style-faces --recover 8 --picture 0.5 --neighbours 0.2
run python export.py --id faces --style-encoder out/style-faces/landed.safetensors
# Nothing of the two critics that trained it goes into a tab, where one has to be small.
run python train_own_critic.py --set faces $landed --out out/faces-critic
run python export.py --id faces --critic out/faces-critic/landed.safetensors
