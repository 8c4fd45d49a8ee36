/**
 * Polls until a condition holds.
 * @throws Error with the last value if it does not within `withinMs` (default 20 s: the machine may be busy).
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms`);
    await new Promise((resume) => setTimeout(resume, 10));
  }
}
