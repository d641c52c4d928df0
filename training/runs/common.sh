# What the runs share; each of them sources it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export OMP_NUM_THREADS=1

# CORE=1 pins it to one core, which on a busy machine is much faster than letting it wander.
run() {
  if [ -n "${CORE:-}" ]; then nice -n 10 taskset -c "$CORE" "$@"; else nice -n 10 "$@"; fi
}

reached() { # landed weights → pictures that they have seen
  python -c 'import sys; from checkpoint import load_weights; from pathlib import Path
print(load_weights(Path(sys.argv[1]))[1]["pictures"])' "$1"
}

# Stopped by a signal, the trainer saves and ends well; what is not finished does not land.
finished() { # folder, pictures
  local seen
  seen=$(reached "$1/landed.safetensors")
  [ "$seen" -ge "$2" ] || { echo "stopped at $seen of $2 pictures; start this again to go on"; exit 0; }
}

part() { # folder, pictures in all, a trainer and its options: one part of a run, passed over when it has been
  local out=$1 upto=$2
  shift 2
  if [ -f "$out/landed.safetensors" ] && [ "$(reached "$out/landed.safetensors")" -ge "$upto" ]; then return; fi
  run "$@" --out "$out" --pictures "$upto"
  finished "$out" "$upto"
}
