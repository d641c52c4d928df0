/** An engine for tests of the store: every call waits until the test answers it. */
import { LimnError, type Failure } from '../../src/failure.ts';
import type { CallOptions, Engine, EngineStatus } from '../../src/engine/client.ts';
import type { BackendName, Device, Input, Output, Picture, TaskName } from '../../src/engine/protocol.ts';
import { pictureRecipe, type Recipe } from '../../src/recipe.ts';

export const DEVICE: Device = { backend: 'wasm', adapter: 'wasm, SIMD', passedOver: [] };

export interface FakeCall<T extends TaskName = TaskName> {
  readonly task: T;
  readonly input: Input<T>;
  readonly options: CallOptions<T>;
  resolve(output: Output<T>): void;
  reject(failure: Failure): void;
}

export class FakeEngine implements Engine {
  status: EngineStatus = { phase: 'idle' };
  readonly calls: FakeCall[] = [];
  readonly restarts: (BackendName | 'auto')[] = [];
  /** Training that is cancelled waits for the test's answer, as the real one waits until it is put away. */
  putsAway = false;
  readonly #listeners = new Set<(status: EngineStatus) => void>();

  call<T extends TaskName>(task: T, input: Input<T>, options: CallOptions<T> = {}): Promise<Output<T>> {
    return new Promise((resolve, reject) => {
      const fail = (failure: Failure) => reject(new LimnError(failure));
      options.signal?.addEventListener('abort', () => {
        if (task !== 'train' || !this.putsAway) fail({ kind: 'cancelled' });
      });
      this.calls.push({ task, input, options, resolve, reject: fail } as unknown as FakeCall);
    });
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(backend: BackendName | 'auto'): void {
    this.restarts.push(backend);
  }

  become(status: EngineStatus): void {
    this.status = status;
    for (const listener of this.#listeners) listener(status);
  }

  /** The latest call of a task; fails the test if there is none. */
  latest<T extends TaskName>(task: T): FakeCall<T> {
    const call = this.calls.findLast((c) => c.task === task);
    if (!call) throw new Error(`nobody called ${task}`);
    return call as unknown as FakeCall<T>;
  }

  count(task: TaskName): number {
    return this.calls.filter((c) => c.task === task).length;
  }

  finishLoad(): void {
    const { input, resolve } = this.latest('load');
    resolve({ id: input.model, device: DEVICE, downloadedBytes: 1, parameters: 1, milliseconds: 1 });
  }

  /** Reports picture `index` of the latest painting. */
  report(index: number, call = this.latest('generate')): void {
    call.options.report?.({ index, picture: picture(call.input.recipe, index) });
  }

  /** All pictures of the latest painting, and its end. */
  finishPaint(): void {
    const call = this.latest('generate');
    for (let i = 0; i < call.input.count; i++) this.report(i, call);
    call.resolve({ pictures: call.input.count, milliseconds: 10 * call.input.count });
  }

  /** All pictures of the latest `paint`, and its end; each is one grey that tells how far the words have gone. */
  finishRecipes(call = this.latest('paint')): void {
    for (const [index, recipe] of call.input.recipes.entries()) {
      const grey = Math.round(200 * (recipe.towards?.text ?? 0));
      const pixels = { ...picture(recipe).pixels, data: new Uint8ClampedArray(16).fill(grey) };
      call.options.report?.({ index, picture: { recipe, pixels } });
    }
    call.resolve({ pictures: call.input.recipes.length, milliseconds: 10 });
  }
}

export function picture(recipe: Recipe, index = 0): Picture {
  return {
    recipe: pictureRecipe(recipe, index),
    pixels: { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(index) },
  };
}

/** Lets promises that are settled be heard. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
