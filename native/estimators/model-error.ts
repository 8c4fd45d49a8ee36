import { shownValue } from '../table/table-error.js';

/** Tensors that are no model: the tensor or metadata key, the value seen and the bound. */
export class ModelError extends Error {
  readonly reason = 'MODEL_NOT_LOADABLE';
  readonly field: string;
  readonly seen: unknown;
  /** In words, beginning with "must". */
  readonly bound: string;

  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'ModelError';
    this.field = field;
    this.seen = seen;
    this.bound = bound;
  }
}
