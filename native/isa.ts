import { addon, type IsaDescription } from './addon.js';

/**
 * The instruction set native code computes with: 'amx', 'avx512', 'avx2', 'neon' or 'scalar'. The best
 * one the processor has, or the one TENON_FORCE_ISA names. Belongs in health, logs, benchmark
 * output and a model's training record.
 */
export function activeIsa(): string {
  return addon.activeIsa();
}

/** Every instruction set of this build, best first. */
export function isas(): IsaDescription[] {
  return addon.isas();
}
