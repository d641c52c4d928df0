/** Numbers as a person reads them. */
import type { BackendName, Match } from '../engine/protocol.ts';

export const BACKEND_LABELS: Readonly<Record<BackendName | 'auto', string>> = {
  auto: 'Automatic',
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'Plain JavaScript',
};

/** What is no backend of ours keeps its own name. */
export function backendLabel(name: string): string {
  return Object.hasOwn(BACKEND_LABELS, name) ? BACKEND_LABELS[name as BackendName] : name;
}

export function megabytes(bytes: number): string {
  return `${megabyteNumber(bytes)}\u00a0MB`;
}

/** Of disks: "840 MB", "2.1 GB". */
export function space(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)}\u00a0MB` : `${(bytes / 1e9).toFixed(1)}\u00a0GB`;
}

/** "2.1 of 4.6 MB" */
export function megabytesOf(loaded: number, total: number): string {
  return `${megabyteNumber(loaded)}\u00a0of\u00a0${megabytes(total)}`;
}

function megabyteNumber(bytes: number): string {
  const mb = bytes / 1e6;
  return mb < 0.05 && bytes > 0 ? mb.toFixed(2) : mb < 99.95 ? mb.toFixed(1) : mb.toFixed(0);
}

/** "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (0x0000C0DE)), driver)" → what a person may know it by. */
export function adapterName(adapter: string): string {
  const device = /^ANGLE \([^,]*, (.*), [^,]*\)$/.exec(adapter)?.[1] ?? adapter;
  return device
    .replace(/^Vulkan [\d.]+ \((.*)\)$/, '$1')
    .replace(/ \(0x[0-9a-f]+\)/gi, '')
    .replace(/ Direct3D.*$/, '');
}

/** Milliseconds a picture: "3.1 ms", "240 ms", "1.2 s". */
export function pace(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

export function whole(count: number): string {
  return count.toLocaleString('en');
}

/** How well a picture shows its caption: "surprise 18.2, likeness 0.43". */
export function matchWords({ loss, similarity }: Match): string {
  return `surprise ${loss.toFixed(1)}, likeness ${similarity.toFixed(2)}`;
}

/** A part of a way: 0.625 → "63%". */
export function share(value: number): string {
  return `${Math.round(100 * value)}%`;
}
