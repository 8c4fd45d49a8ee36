import { nearestName } from '../mesh/config/nearest.js';
import { TenonError } from '../mesh/errors.js';
import type { JobFailure } from './job.js';
import { refusalOf } from './refusal.js';

/** Reasons that may go away by themselves: the other side is away, starting, stopping or busy. */
const passing: ReadonlySet<string> = new Set([
  'DEPENDENCY_UNAVAILABLE',
  'SHUTTING_DOWN',
  'TOO_MANY_HANDLERS',
  'BYTE_BUDGET_EXCEEDED',
  'DEADLINE_EXCEEDED',
]);

/** Whether the same call may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof TenonError && passing.has(error.reason);
}

/** Whether another attempt at a job may not meet this failure: something was away, or a fault of ours. */
export function mayPass({ reason }: JobFailure): boolean {
  return passing.has(reason) || reason === 'INTERNAL';
}

/** UNKNOWN_COLUMN for a field that names a column the data does not have. */
export function unknownColumn(field: string, column: string, known: readonly string[]): TenonError {
  const nearest = nearestName(column, known);
  const help = nearest === undefined ? `it has ${known.slice(0, 20).join(', ')}` : `did you mean ${nearest}?`;
  const description = `${JSON.stringify(column)} is no column of the dataset version; ${help}`;
  return new TenonError({
    reason: 'UNKNOWN_COLUMN',
    message: `${field}: ${description}`,
    violations: [{ field, description }],
    facts: { field, column },
  });
}

/**
 * An error as a job keeps it. A fault of ours is told without its text: `id` finds it in
 * the log.
 */
export function failureOf(error: unknown, id: () => string): JobFailure {
  const told = refusalOf(error);
  if (told instanceof TenonError) {
    const { reason, message, facts, violations } = told;
    return { reason, message, facts, violations };
  }
  const fault = id();
  return { reason: 'INTERNAL', message: `internal error ${fault}`, facts: { id: fault }, violations: [] };
}
