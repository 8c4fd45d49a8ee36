import type { ServerCall } from '../rpc/server-call.js';

/** A call that is open. */
interface Place {
  readonly call: ServerCall;
  index: number;
}

/**
 * The calls that are open. No Set: a Set's outgrown tables refer to those that follow, so that after one of them has become
 * old every later call lives until the next full collection, and collections of young objects take several times as long.
 */
export class OpenCalls implements Iterable<ServerCall> {
  readonly #places: Place[] = [];

  /** @returns what takes the call out again */
  add(call: ServerCall): () => void {
    const place = { call, index: this.#places.length };
    this.#places.push(place);
    return () => this.#remove(place);
  }

  /** Those that are open now: calls that end meanwhile are gone through too. */
  [Symbol.iterator](): Iterator<ServerCall> {
    return this.#places.map(({ call }) => call).values();
  }

  #remove(place: Place): void {
    const { index } = place;
    if (this.#places[index] !== place) return;
    const last = this.#places.pop() ?? place;
    if (last === place) return;
    // The last one fills the gap.
    last.index = index;
    this.#places[index] = last;
  }
}
