/**
 * The places of the `count` numbers that are largest without their sign, the largest first and the first of equals
 * before others: by a heap of `count` places, so that few among many cost a pass and no sort of all.
 */
export function largest(values: ArrayLike<number>, count: number): number[] {
  const before = (a: number, b: number) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0) || a - b;
  const kept = Math.max(0, Math.min(count, values.length));
  // The last of those kept is at the root.
  const heap: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (heap.length < kept) {
      rise(heap, index, before);
    } else if (kept > 0 && before(index, heap[0] as number) < 0) {
      sink(heap, index, before);
    }
  }
  return heap.sort(before);
}

type Order = (a: number, b: number) => number;

/** Adds a place. */
function rise(heap: number[], added: number, before: Order): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (before(added, heap[parent] as number) < 0) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = added;
}

/** Puts a place where the root was. */
function sink(heap: number[], added: number, before: Order): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child] as number, heap[child + 1] as number) < 0) child++;
    if (before(heap[child] as number, added) < 0) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = added;
}
