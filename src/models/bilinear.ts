import { image, matMul, reshape, tensor3d, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import { inGradient } from './layers.ts';

/**
 * Bilinear, with half-pixel centres: [B,S,S,C] → [B,edge,edge,C]. Where a gradient is wanted, as two matrix products:
 * tfjs' own kernel has no right one for these centres (4.22).
 */
export function bilinear(x: Tensor4D, edge: number): Tensor4D {
  if (!inGradient()) return image.resizeBilinear(x, [edge, edge], false, true);
  const [batch, size, , channels] = x.shape;
  const shares = new Float32Array(edge * size);
  for (let i = 0; i < edge; i++) {
    const at = Math.max(0, ((i + 0.5) * size) / edge - 0.5);
    const below = Math.min(size - 1, Math.floor(at));
    const above = Math.min(size - 1, below + 1);
    const t = at - below;
    shares[i * size + below] = 1 - t;
    shares[i * size + above] = (shares[i * size + above] ?? 0) + t;
  }
  const lines = tensor3d(shares, [1, edge, size]);
  const rows = matMul(lines, reshape<Rank.R3>(x, [batch, size, size * channels])); // [B,edge,S·3]
  const columns = matMul(lines, reshape<Rank.R3>(rows, [batch * edge, size, channels])); // [B·edge,edge,3]
  return reshape(columns, [batch, edge, edge, channels]);
}
