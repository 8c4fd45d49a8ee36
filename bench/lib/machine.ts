import { cpus, totalmem } from 'node:os';

/** The processor, its cores and the memory: `Intel(R) Xeon(R) Processor, 2 cores, 24 GiB`. */
export function machineName(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'unknown'}, ${all.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

/** How many threads the benchmarks that use several use: the peers' figures are for two. */
export const benchThreads = Math.min(2, cpus().length);
