const quote = 0x22;
const cr = 0x0d;

/**
 * The bytes of a checked CSV file without the ranges in `skip` (ascending [start, end) pairs
 * that hold whole rows), rows ending in LF alone. Fields in quotes keep their line ends.
 */
export async function* cleanCsv(
  chunks: AsyncIterable<Buffer>,
  { skip, crlf }: { skip: readonly number[]; crlf: boolean },
): AsyncGenerator<Buffer> {
  let base = 0;
  let at = 0;
  let inQuotes = false;
  const withoutCr = (bytes: Buffer): Buffer => {
    const kept = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (byte === quote) inQuotes = !inQuotes;
      else if (byte === cr && !inQuotes) continue;
      kept[length++] = byte;
    }
    return kept.subarray(0, length);
  };
  for await (const chunk of chunks) {
    const end = base + chunk.length;
    let position = base;
    while (position < end) {
      while ((skip[at + 1] ?? Number.POSITIVE_INFINITY) <= position) at += 2;
      const from = skip[at] ?? Number.POSITIVE_INFINITY;
      if (from <= position) {
        position = Math.min(end, skip[at + 1] ?? end);
        continue;
      }
      const until = Math.min(end, from);
      const piece = chunk.subarray(position - base, until - base);
      yield crlf ? withoutCr(piece) : piece;
      position = until;
    }
    base = end;
  }
}
