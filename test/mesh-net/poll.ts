import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is there, at most `boundMs`; throws naming what was waited for. */
export async function poll<T>(what: string, boundMs: number, ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + boundMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`${what} did not come within ${boundMs} ms`);
    await sleep(20);
  }
}
