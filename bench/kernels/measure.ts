import { performance } from 'node:perf_hooks';

/** Seconds of each of `repetitions` calls, after `warmUps` that do not count. */
export function measure(repetitions: number, body: () => void, warmUps = 2): number[] {
  for (let i = 0; i < warmUps; i++) body();
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    body();
    return (performance.now() - start) / 1000;
  });
}
