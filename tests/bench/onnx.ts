/**
 * The GAN-INT-CLS generator as an ONNX file, from the same weights: what the bench runs on onnxruntime-web beside our
 * engine. The graph is the plain one of src/models/gan-int-cls.ts, folded norms and small-grid skip included. On wasm
 * our engine also merges each doubling with the convolution after it (src/models/doubling.ts), which this graph does
 * not: beside `merged` a ratio is of engine and graph together, beside `plain` of engines alone.
 */
import type { DecodedTensor } from '../../src/engine/weights/decode.ts';
import type { GanIntClsConfig } from '../../src/models/gan-int-cls.ts';

const FLOAT = 1;
const INT64 = 7;

/** Protocol buffers, as far as ONNX needs them. */
function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
}
type Bytes = Uint8Array;
const join = (parts: readonly (Bytes | readonly number[])[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const whole = (field: number, value: number): Bytes => join([varint(field << 3), varint(value)]);
const block = (field: number, bytes: Bytes): Bytes => join([varint((field << 3) | 2), varint(bytes.length), bytes]);
const text = (field: number, value: string): Bytes => block(field, new TextEncoder().encode(value));
const single = (field: number, value: number): Bytes =>
  join([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);

type Attribute = number | { readonly float: number } | readonly number[] | string;

function attribute(name: string, value: Attribute): Bytes {
  if (typeof value === 'string') return join([text(1, name), text(4, value), whole(20, 3)]);
  if (typeof value === 'number') return join([text(1, name), whole(3, value), whole(20, 2)]);
  if ('float' in value) return join([text(1, name), single(2, value.float), whole(20, 1)]);
  return join([text(1, name), ...value.map((v) => whole(8, v)), whole(20, 7)]);
}

/** name: [batch, …rest], float32 */
function valueInfo(name: string, shape: readonly (number | string)[]): Bytes {
  const dims = shape.map((d) => block(1, typeof d === 'string' ? text(2, d) : whole(1, d)));
  return join([text(1, name), block(2, block(1, join([whole(1, FLOAT), block(2, join(dims))])))]);
}

/** decoded: the generator's file → an ONNX model: z [batch,z], sentence [batch,sentence] → pictures [batch,3,S,S] */
export function generatorToOnnx(decoded: ReadonlyMap<string, DecodedTensor>, config: GanIntClsConfig): Uint8Array {
  const nodes: Bytes[] = [];
  const initialisers: Bytes[] = [];
  const constant = (name: string, shape: readonly number[], values: Float32Array | BigInt64Array): string => {
    const type = values instanceof Float32Array ? FLOAT : INT64;
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    initialisers.push(join([...shape.map((d) => whole(1, d)), whole(2, type), text(8, name), block(9, raw)]));
    return name;
  };
  const node = (
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, Attribute> = {},
  ): string => {
    nodes.push(
      join([
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(4, type),
        ...Object.entries(attributes).map(([name, value]) => block(5, attribute(name, value))),
      ]),
    );
    return outputs[0] ?? '';
  };
  const weight = (name: string): DecodedTensor => {
    const found = decoded.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const plain = (name: string, shape = weight(name).shape): string => constant(name, shape, weight(name).values);
  const slope = { alpha: { float: 0.2 } };
  const leaky = (x: string): string => node('LeakyRelu', [x], [`${x}.leaky`], slope);
  const linear = (name: string, x: string): string =>
    node('Gemm', [x, plain(`${name}.weight`), plain(`${name}.bias`)], [`${name}.out`]);
  /** [kh,kw,in,out] → [out,in,kh,kw] */
  const convolution = (name: string, x: string): string => {
    const { shape, values } = weight(`${name}.weight`);
    const [k = 0, , cin = 0, cout = 0] = shape;
    const turned = new Float32Array(values.length);
    for (let tap = 0; tap < k * k; tap++)
      for (let i = 0; i < cin; i++)
        for (let o = 0; o < cout; o++) turned[(o * cin + i) * k * k + tap] = values[(tap * cin + i) * cout + o] ?? 0;
    constant(`${name}.weight`, [cout, cin, k, k], turned);
    const pad = (k - 1) / 2;
    return node('Conv', [x, `${name}.weight`, plain(`${name}.bias`)], [`${name}.out`], {
      kernel_shape: [k, k],
      pads: [pad, pad, pad, pad],
    });
  };
  const scales = constant('scales', [4], Float32Array.of(1, 1, 2, 2));
  const double = (x: string, name: string): string =>
    node('Resize', [x, '', scales], [name], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    });
  const modulate = (name: string, h: string, channels: number): string => {
    const shape = constant(`${name}.shape`, [4], BigInt64Array.of(-1n, BigInt(2 * channels), 1n, 1n));
    const affine = node('Reshape', [linear(`${name}.affine`, 'c'), shape], [`${name}.map`]);
    node('Split', [affine], [`${name}.gamma`, `${name}.beta`], { axis: 1, num_outputs: 2 });
    const scaled = node('Mul', [h, `${name}.gamma`], [`${name}.scaled`]);
    return leaky(node('Add', [scaled, `${name}.beta`], [`${name}.moved`]));
  };

  node('Concat', ['z', leaky(linear('text', 'sentence'))], ['c'], { axis: 1 });
  // Our first map is [4,4,C] a picture; ONNX wants [C,4,4].
  const first = config.channels[0] ?? 0;
  const grid = constant('grid', [4], BigInt64Array.of(-1n, 4n, 4n, BigInt(first)));
  let x = node('Transpose', [node('Reshape', [linear('seed', 'c'), grid], ['map'])], ['x'], { perm: [0, 3, 1, 2] });
  for (const [i, channels] of config.channels.slice(1).entries()) {
    const name = `blocks.${i}`;
    const skip = double(convolution(`${name}.skip`, x), `${name}.skip.doubled`);
    let h = convolution(`${name}.conv1`, double(x, `${name}.doubled`));
    h = modulate(`${name}.norm1`, h, channels);
    h = modulate(`${name}.norm2`, convolution(`${name}.conv2`, h), channels);
    x = node('Add', [h, skip], [`${name}.sum`]);
  }
  node('Tanh', [convolution('paint', leaky(x))], ['pictures']);

  const size = 4 * 2 ** (config.channels.length - 1);
  const graph = join([
    ...nodes.map((bytes) => block(1, bytes)),
    text(2, 'gan-int-cls'),
    ...initialisers.map((bytes) => block(5, bytes)),
    block(11, valueInfo('z', ['batch', config.z])),
    block(11, valueInfo('sentence', ['batch', config.sentence])),
    block(12, valueInfo('pictures', ['batch', 3, size, size])),
  ]);
  return join([whole(1, 8), block(7, graph), block(8, join([text(1, ''), whole(2, 18)]))]);
}
