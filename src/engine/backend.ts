/** Brings up one tfjs backend: the first of the platform's that answers and computes rightly. */
import { backend, env, removeBackend, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { describe, LimnError, toFailure, type Failure } from '../failure.ts';
import { registerKernels } from './kernels/register.ts';
import { checkKnownAnswer } from './known-answer.ts';
import type { Platform } from './platform.ts';
import type { BackendName, Device } from './protocol.ts';

/** Hears that the device is spent: lost, or in an error that tfjs does not see. May be called more than once. */
export type OnTrouble = (failure: Failure) => void;

/**
 * Tries `choice`, or every backend of the platform in order for 'auto'. A worker calls it once: a second backend in
 * one tfjs engine would share its tensors.
 * @throws LimnError no-backend, with each one's reason
 */
export async function openDevice(
  choice: BackendName | 'auto',
  platform: Platform,
  onTrouble: OnTrouble,
): Promise<Device> {
  const passedOver: { backend: BackendName; reason: string }[] = [];
  for (const name of choice === 'auto' ? platform.backends : [choice]) {
    let over = false;
    try {
      const hear: OnTrouble = (failure) => {
        if (!over) onTrouble(failure);
      };
      const adapter = await bringUp(name, platform, hear, choice === name);
      await checkKnownAnswer();
      return { backend: name, adapter, passedOver };
    } catch (error) {
      // What becomes of a device that is not in use is nobody's trouble.
      over = true;
      passedOver.push({
        backend: name,
        reason: error instanceof Unavailable ? error.message : describe(toFailure(error)),
      });
    }
  }
  throw new LimnError({ kind: 'no-backend', tried: passedOver });
}

/** → the adapter's name. `wanted`: a person asked for this backend, even if its "GPU" is the processor in disguise. */
function bringUp(name: BackendName, platform: Platform, onTrouble: OnTrouble, wanted: boolean): Promise<string> {
  switch (name) {
    case 'webgpu':
      return bringUpWebGpu(platform, onTrouble, wanted);
    case 'webgl':
      return bringUpWebGl(onTrouble, wanted);
    case 'wasm':
      return bringUpWasm(platform);
    case 'cpu':
      return bringUpCpu();
  }
}

/** Why a backend cannot be had here, in words. */
class Unavailable extends Error {}

async function start(name: BackendName): Promise<void> {
  // setBackend answers false, and getBackend lies, where the factory failed.
  if (!(await setBackend(name))) throw new Unavailable(`${name} did not start`);
}

/** A GPU that the processor plays: right numbers, at a fiftieth of the wasm backend's pace. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;

function refuseSoftware(adapter: string, wanted: boolean): void {
  if (SOFTWARE.test(adapter) && !wanted) throw new Unavailable(`"${adapter}" is software; WebAssembly is faster`);
}

async function bringUpWebGpu({ gpu }: Platform, onTrouble: OnTrouble, wanted: boolean): Promise<string> {
  if (!gpu) throw new Unavailable('there is no WebGPU here');
  // Without an adapter tfjs would log a TypeError and call itself ready: ask first.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable('WebGPU found no graphics adapter');
  const { vendor, architecture, device: model, description } = adapter.info;
  const name = description || [vendor, architecture, model].filter(Boolean).join(' ') || 'unnamed adapter';
  refuseSoftware(`${name} ${architecture}`, wanted);
  const webgpu = await import('./kernels/webgpu.ts');
  registerKernels('webgpu', webgpu);
  const limits = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  void device.lost.then(({ message }) => onTrouble({ kind: 'device-lost', detail: message || 'no reason given' }));
  // A buffer over the limit or a shader that fails raises only this, and yields wrong numbers.
  device.addEventListener('uncapturederror', ({ error }) =>
    onTrouble({ kind: 'wrong-numbers', detail: error.message.slice(0, 500) }),
  );
  // Small tensors would be computed on the CPU, and a probe of them would look healthy on a dead device.
  env().set('WEBGPU_CPU_FORWARD', false);
  // Ours in place of the package's own, whose device nobody could listen to before its first use.
  removeBackend('webgpu');
  registerBackend('webgpu', () => new webgpu.WebGPUBackend(device, adapter.info), 3);
  await start('webgpu');
  return name;
}

async function bringUpWebGl(onTrouble: OnTrouble, wanted: boolean): Promise<string> {
  if (typeof OffscreenCanvas === 'undefined') throw new Unavailable('there is no canvas to compute on');
  registerKernels('webgl', await import('./kernels/webgl.ts'));
  // Half floats round away what the networks compute.
  env().set('WEBGL_FORCE_F16_TEXTURES', false);
  await start('webgl');
  if (!env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) throw new Unavailable('WebGL draws no 32-bit floats here');
  const gl = (backend() as MathBackendWebGL).getGPGPUContext().gl;
  gl.canvas.addEventListener('webglcontextlost', () =>
    onTrouble({ kind: 'device-lost', detail: 'the WebGL context was lost' }),
  );
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const name = named ? String(gl.getParameter(named.UNMASKED_RENDERER_WEBGL)) : 'WebGL';
  refuseSoftware(name, wanted);
  return name;
}

async function bringUpWasm({ wasm }: Platform): Promise<string> {
  const backendWasm = await import('./kernels/wasm.ts');
  registerKernels('wasm', backendWasm);
  backendWasm.setWasmPaths({ ...wasm.paths });
  backendWasm.setThreadsCount(wasm.threads);
  await start('wasm');
  const [simd, threaded] = await Promise.all(
    ['WASM_HAS_SIMD_SUPPORT', 'WASM_HAS_MULTITHREAD_SUPPORT'].map((flag) => env().getAsync(flag)),
  );
  // tfjs takes half the cores at the most, whatever it is asked for; without the threaded build it has no count.
  const threads = threaded && wasm.threads > 1 ? backendWasm.getThreadsCount() : 1;
  return `${simd ? 'SIMD' : 'no SIMD'}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}

async function bringUpCpu(): Promise<string> {
  registerKernels('cpu', await import('./kernels/cpu.ts'));
  await start('cpu');
  return 'plain JavaScript';
}
