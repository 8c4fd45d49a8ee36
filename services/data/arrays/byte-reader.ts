/** Bytes of a stream, as many at a time as are asked for. */
export interface ByteReader {
  /** The next `count` bytes; fewer only at the end. */
  read(count: number): Promise<Buffer>;
  /** Ends the stream early; a second call does nothing. */
  close(): Promise<void>;
}

/** A reader over chunks of any size. */
export function byteReader(chunks: AsyncIterable<Buffer>): ByteReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let length = 0;
  let ended = false;
  return {
    async read(count) {
      while (length < count && !ended) {
        const { done, value } = await iterator.next();
        if (done === true) ended = true;
        else if (value.length > 0) {
          held.push(value);
          length += value.length;
        }
      }
      const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, length);
      const taken = all.subarray(0, count);
      const rest = all.subarray(taken.length);
      held = rest.length === 0 ? [] : [rest];
      length = rest.length;
      return taken;
    },
    async close() {
      ended = true;
      await iterator.return?.();
    },
  };
}
