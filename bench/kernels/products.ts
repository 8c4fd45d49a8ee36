import type { PeerSession } from '../lib/peer-session.js';
import { type BenchRow, expectSame } from '../lib/row.js';
import { medianSeconds, rowsInTurns, turnSeconds } from '../lib/turns.js';

interface ProductShape {
  m: number;
  n: number;
  k: number;
}

/** One kind of product, beside a peer's. */
export interface ProductKind {
  name: string;
  unit: string;
  /** The shapes to measure (m x n x k); a smoke run takes a small one. */
  shapes: readonly string[];
  /** Makes the matrices and returns how to multiply them and where the product is. */
  prepare(shape: ProductShape): { multiply: () => void; product: Float32Array | Int32Array };
}

/** The shapes of a run. */
export function shapesOf({ shapes }: ProductKind, smoke: boolean): readonly string[] {
  return smoke ? ['64x64x64'] : shapes;
}

function sizesOf(shape: string): ProductShape {
  const [m = 0, n = 0, k = 0] = shape.split('x').map(Number);
  return { m, n, k };
}

/** The sum of the product's magnitudes. */
function checkOf(product: Float32Array | Int32Array): number {
  let sum = 0;
  for (const value of product) sum += Math.abs(value);
  return sum;
}

/** A row for each shape and library. Both sides must give the same sums. */
export async function productRows(
  kind: ProductKind,
  peers: readonly PeerSession[],
  { smoke }: { smoke: boolean },
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const seconds = smoke ? 0 : turnSeconds;
  for (const shape of shapesOf(kind, smoke)) {
    const sizes = sizesOf(shape);
    const { multiply, product } = kind.prepare(sizes);
    multiply();
    for (const peer of peers) expectSame(shape, checkOf(product), await peer.check(shape), 0);
    const shapeRows = await rowsInTurns({
      work: `${kind.name} ${shape}`,
      rounds: smoke ? 1 : 31,
      rivals: peers.map((session) => ({
        kind: session.about.peer,
        peer: session.about.peer,
        version: session.about.version,
        turn: () => session.turn(shape, seconds),
      })),
      ours: () => medianSeconds(multiply, seconds),
      figure: (each) => (2 * sizes.m * sizes.n * sizes.k) / each / 1e9,
      unit: kind.unit,
      better: 'larger',
      goal: 0.95,
    });
    rows.push(...shapeRows);
  }
  return rows;
}
