import { getKernel, registerGradient, registerKernel, type KernelConfig } from '@tensorflow/tfjs-core';
import type { BackendName } from '../protocol.ts';
import { KERNELS, type KernelName, type MISSING } from './names.ts';

/** What a backend's file beside this one must export: each kernel of the list that the backend has. */
type KernelsOf<B extends BackendName> = Readonly<Record<Exclude<KernelName, keyof (typeof MISSING)[B]>, KernelConfig>>;

/** Before the backend starts, since some kernels are compiled at its start. A second time does nothing. */
export function registerKernels<B extends BackendName>(backend: B, kernels: KernelsOf<B>): void {
  const byName: Readonly<Partial<Record<KernelName, KernelConfig>>> = kernels;
  for (const name of KERNELS) {
    const config = byName[name];
    if (!config || getKernel(name, backend)) continue;
    if (config.kernelName !== name || config.backendName !== backend) {
      throw new Error(`${backend}'s ${name}: found ${config.backendName}'s ${config.kernelName}`);
    }
    registerKernel(config);
  }
}

/** Only where something is optimised: fetches the gradients of all kernels that have one. */
export async function loadGradients(): Promise<void> {
  for (const gradient of Object.values(await import('./gradients.ts'))) registerGradient(gradient);
}
