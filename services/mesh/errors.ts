import type { Reason } from './reasons.js';

/** One wrong field of a request. */
export interface FieldViolation {
  /** The path in proto spelling, indices in brackets: `job.spec.steps[2].min_max.upper`. */
  field: string;
  /** What was seen and what would be right: `-1 must be >= 0`. */
  description: string;
}

/** What a TenonError is made of. */
export interface TenonErrorOptions {
  reason: Reason;
  /** For the person who reads it at night: what was wrong, where, what would be right. */
  message: string;
  /** The facts of the message, for programs; sent as `ErrorInfo.metadata`. */
  facts?: Readonly<Record<string, string | number | boolean>>;
  /** The wrong fields; sent as `google.rpc.BadRequest`. */
  violations?: readonly FieldViolation[];
  /** When to try again; sent as `google.rpc.RetryInfo`. */
  retryAfterMs?: number;
  /** What caused it; logged, never sent. */
  cause?: unknown;
}

/**
 * The only error that reaches a caller with its message. Anything else that a handler
 * throws leaves as INTERNAL with an opaque id.
 */
export class TenonError extends Error {
  readonly reason: Reason;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | null;

  constructor({ reason, message, facts = {}, violations = [], retryAfterMs, cause }: TenonErrorOptions) {
    super(message, { cause });
    this.name = 'TenonError';
    this.reason = reason;
    this.facts = facts;
    this.violations = violations;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

/** A value as it is shown in a message: JSON, at most 64 characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value));
  return text.length <= 64 ? text : `${text.slice(0, 61)}...`;
}

/** INVALID_FIELD for one field: `invalidField('page_size', -1, 'must be >= 0')`. */
export function invalidField(field: string, seen: unknown, bound: string): TenonError {
  return invalidFields([{ field, description: `${shown(seen)} ${bound}` }]);
}

/** INVALID_FIELD for several fields at once. */
export function invalidFields(violations: readonly FieldViolation[]): TenonError {
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  const [first] = violations;
  return new TenonError({ reason: 'INVALID_FIELD', message, violations, facts: { field: first?.field ?? '' } });
}

/** RESOURCE_NOT_FOUND for a resource name. */
export function notFound(name: string): TenonError {
  return new TenonError({ reason: 'RESOURCE_NOT_FOUND', message: `${name} does not exist`, facts: { name } });
}

/** RESOURCE_EXISTS for a resource name. */
export function alreadyExists(name: string): TenonError {
  return new TenonError({ reason: 'RESOURCE_EXISTS', message: `${name} exists already`, facts: { name } });
}

/** WRONG_STATE: the resource, its state, and what the call needs. */
export function wrongState(name: string, state: string, needed: string): TenonError {
  return new TenonError({
    reason: 'WRONG_STATE',
    message: `${name} is ${state}; ${needed}`,
    facts: { name, state },
  });
}
