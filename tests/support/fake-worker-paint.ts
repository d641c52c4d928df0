/** Flowers drawn with a compass, and the fake worker's tasks that show them. */
import type { Picture } from '../../src/engine/protocol.ts';
import type { Part } from './fake-worker-parts.ts';

/** Stands alone, as the parts do. */
export function flower({ caption, seed }: Picture['recipe']): Picture['pixels'] {
  const size = 64;
  const data = new Uint8ClampedArray(4 * size * size);
  const colours: [RegExp, [number, number, number]][] = [
    [/white/, [240, 238, 232]],
    [/yellow/, [240, 200, 40]],
    [/purple|violet/, [120, 60, 170]],
    [/red/, [200, 40, 40]],
    [/blue/, [70, 100, 210]],
    [/orange/, [235, 130, 30]],
  ];
  const found = colours.filter(([word]) => word.test(caption)).map(([, colour]) => colour);
  const petal = found[0] ?? [225, 120, 160];
  const centre = found[1] ?? [235, 190, 60];
  const petals = 5 + (seed % 5);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [dx, dy] = [(x - 31.5 + 4 * Math.sin(seed)) / 30, (y - 31.5 + 4 * Math.cos(seed * 1.7)) / 30];
      const [r, a] = [Math.hypot(dx, dy), Math.atan2(dy, dx)];
      const edge = 0.55 + 0.3 * Math.abs(Math.cos((petals * (a + seed)) / 2));
      const leaf = 40 + 25 * Math.sin(x / 7 + seed) + 20 * Math.cos(y / 5);
      const shade = 0.72 + 0.4 * Math.cos(petals * (a + seed)) * r;
      const colour =
        r < 0.2
          ? centre
          : r < edge
            ? petal.map((v) => v * Math.min(1, shade + 0.25))
            : [leaf * 0.7, leaf + 30, leaf * 0.6];
      for (let c = 0; c < 3; c++) data[4 * (y * size + x) + c] = colour[c] ?? 0;
      data[4 * (y * size + x) + 3] = 255;
    }
  }
  return { width: size, height: size, data };
}

export const painting: Part = ({ options, cancelled, post, wait, flower }) => {
  let painted = 0;

  /** The colours of both captions mixed, the flower turned towards the other seed. */
  function between({ towards, ...here }: Picture['recipe']): Picture['pixels'] {
    if (!towards) return flower(here);
    const seed = here.seed + ((towards.seed % 100) - here.seed) * towards.noise;
    const [a, b] = [flower({ ...here, seed }), flower({ ...here, caption: towards.caption, seed })];
    return { ...a, data: a.data.map((v, i) => v + ((b.data[i] ?? 0) - v) * towards.text) };
  }

  /** A picture's time passes, and with it whatever a test has in mind for it; true where the call is over. */
  async function ends(id: number, index: number): Promise<boolean> {
    await wait(options.paintStep);
    while (index === options.paintStops && !cancelled.has(id)) await wait(20);
    if (cancelled.has(id)) {
      post({ type: 'failed', id, failure: { kind: 'cancelled' } });
      return true;
    }
    if (painted++ === options.losesAt) {
      post({ type: 'trouble', failure: { kind: 'device-lost', detail: 'a test took it' } });
      await wait(1e9);
    }
    return false;
  }

  return {
    async generate(id, { recipe, count }) {
      for (let index = 0; index < count; index++) {
        if (await ends(id, index)) return;
        const mine = { ...recipe, seed: (recipe.seed + index) % 2 ** 32 };
        post({
          type: 'report',
          id,
          task: 'generate',
          report: { index, picture: { recipe: mine, pixels: flower(mine) } },
        });
      }
      return post({
        type: 'done',
        id,
        task: 'generate',
        output: { pictures: count, milliseconds: count * 3.14 },
      });
    },
    async paint(id, { recipes }) {
      for (const [index, recipe] of recipes.entries()) {
        if (await ends(id, index)) return;
        // A style turns the flower as another seed would.
        const { z, strength } = recipe.style ?? { z: [0], strength: 0 };
        const seed = recipe.seed * (1 - strength) + (z[0] ?? 0) * strength;
        const picture = { recipe, pixels: between({ ...recipe, seed }) };
        post({ type: 'report', id, task: 'paint', report: { index, picture } });
      }
      const output = { pictures: recipes.length, milliseconds: recipes.length };
      return post({ type: 'done', id, task: 'paint', output });
    },
    async look(id, { recipe }) {
      const words = recipe.caption.split(' ');
      const small = flower(recipe);
      const large = { width: 128, height: 128, data: new Uint8ClampedArray(4 * 128 * 128) };
      for (let i = 0; i < large.data.length; i++) {
        const [pixel, channel] = [Math.floor(i / 4), i % 4];
        const [x, y] = [(pixel % 128) >> 1, Math.floor(pixel / 128) >> 1];
        large.data[i] = small.data[4 * (64 * y + x) + channel] ?? 0;
      }
      // The yellow is in the middle, other colours around it, and what says nothing is heard everywhere.
      const values = new Float32Array(32 * 32 * words.length);
      for (let place = 0; place < 32 * 32; place++) {
        const r = Math.hypot((place % 32) - 15.5, Math.floor(place / 32) - 15.5) / 16;
        const heard = words.map((word) => (word === 'yellow' ? Math.exp(-9 * r * r) : word.length > 4 ? 0.4 * r : 0.1));
        const sum = heard.reduce((all, one) => all + one, 0);
        for (const [i, one] of heard.entries()) values[place * words.length + i] = one / sum;
      }
      for (const [index, pixels] of [small, large].entries()) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        const attention = index > 0 ? { attention: { width: 32, height: 32, values } } : {};
        post({ type: 'report', id, task: 'look', report: { stage: 'picture', index, pixels, ...attention } });
      }
      return post({ type: 'done', id, task: 'look', output: { words, milliseconds: 3 } });
    },
  };
};
