import { inTurn } from '../lib/in-turn.js';
import { type BenchRow, expectSame, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';
import { measure } from './measure.js';

/** Seconds of each repetition and the sum of the product's magnitudes, by shape (m x n x k). */
type Shapes = Record<string, { seconds: number[]; check: number }>;

/** What a peer's script prints. */
export interface PeerProducts {
  peer: string;
  version: string;
  shapes: Shapes;
}

export type ProductPeer = (threads: number, repetitions: number, shapes: readonly string[]) => Promise<PeerProducts>;

/** A peer that computes in both of these manners; of each shape the faster counts. */
export function fasterOf(one: ProductPeer, other: ProductPeer): ProductPeer {
  return async (...asked) => {
    const [first, second] = [await one(...asked), await other(...asked)];
    const shapes = Object.entries(first.shapes).map(([shape, side]) => {
      const rival = second.shapes[shape];
      return [shape, rival !== undefined && median(rival.seconds) < median(side.seconds) ? rival : side] as const;
    });
    return { ...first, shapes: Object.fromEntries(shapes) };
  };
}

interface ProductShape {
  m: number;
  n: number;
  k: number;
}

/** One kind of product, beside a peer's. */
export interface ProductKind {
  name: string;
  unit: string;
  /** The shapes to measure; a smoke run takes a small one. */
  shapes: readonly string[];
  /** Makes the matrices and returns how to multiply them and where the product is. */
  prepare(shape: ProductShape): { multiply: () => void; product: Float32Array | Int32Array };
}

function sizesOf(shape: string): ProductShape {
  const [m = 0, n = 0, k = 0] = shape.split('x').map(Number);
  return { m, n, k };
}

function ourProducts({ prepare }: ProductKind, shapes: readonly string[], repetitions: number): Shapes {
  const products = shapes.map((shape) => {
    const { multiply, product } = prepare(sizesOf(shape));
    const seconds = measure(repetitions, multiply);
    let check = 0;
    for (const value of product) check += Math.abs(value);
    return [shape, { seconds, check }] as const;
  });
  return Object.fromEntries(products);
}

function operations(shape: string): number {
  const { m, n, k } = sizesOf(shape);
  return 2 * m * n * k;
}

/** A row for each shape. Both sides must give the same sums. */
export async function productRows(
  kind: ProductKind,
  peer: ProductPeer,
  { threads, smoke }: { threads: number; smoke: boolean },
): Promise<BenchRow[]> {
  const shapes = smoke ? ['64x64x64'] : kind.shapes;
  const repetitions = smoke ? 2 : 9;
  const sides = await inTurn(smoke ? 1 : 3, {
    theirs: () => peer(threads, repetitions, shapes),
    ours: () => ourProducts(kind, shapes, repetitions),
  });
  return shapes.map((shape) => {
    const rates = (side: Shapes) => (side[shape]?.seconds ?? []).map((seconds) => operations(shape) / seconds / 1e9);
    const theirShapes = sides.theirs.map((side) => side.shapes);
    expectSame(shape, sides.ours[0]?.[shape]?.check ?? Number.NaN, theirShapes[0]?.[shape]?.check ?? Number.NaN, 0);
    return rowOf({
      work: `${kind.name} ${shape}`,
      peer: sides.theirs[0]?.peer ?? '',
      peerVersion: sides.theirs[0]?.version ?? '',
      threads,
      ours: sides.ours.flatMap(rates),
      theirs: theirShapes.flatMap(rates),
      unit: kind.unit,
      better: 'larger',
      goal: 0.95,
    });
  });
}
