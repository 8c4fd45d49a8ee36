import { randomUUID } from 'node:crypto';
import { BundleError } from '../../native/bundle/bundle.js';
import type { ScoringModel } from '../../native/bundle/scoring-model.js';
import { ExplanationError } from '../../native/explain/explanation-error.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import { SafetensorsError } from '../../native/safetensors.js';
import { TableError } from '../../native/table/table-error.js';
import { packageDefinition } from '../../proto/contracts.js';
import type { Status } from '../../proto/gen/google/rpc/index.js';
import { TenonError } from '../mesh/errors.js';
import { encodeStatus } from '../mesh/rpc/status-details.js';
import { notReadyRetryMs } from './limits.js';

/** Reasons that may go away by themselves: the registry is away, starting, stopping or busy. */
const passing: ReadonlySet<string> = new Set([
  'DEPENDENCY_UNAVAILABLE',
  'SHUTTING_DOWN',
  'TOO_MANY_HANDLERS',
  'BYTE_BUDGET_EXCEEDED',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
]);

/** Whether the same call to the registry may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof TenonError && passing.has(error.reason);
}

/** An error of a row as the caller sees it, with row and column among its facts; other errors unchanged. */
export function rowError(error: unknown): unknown {
  if (!(error instanceof RecipeError || error instanceof TableError)) return error;
  const { reason, message, field } = error;
  const description = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  const facts: Record<string, string | number> = { field };
  if (error instanceof RecipeError) {
    if (error.row !== undefined) facts.row = error.row;
    if (error.column !== undefined) facts.column = error.column;
  }
  return new TenonError({ reason, message, violations: [{ field, description }], facts });
}

/** Why a version could not be loaded, for `Deployment.error`. A fault of ours carries an id instead of its text. */
export function loadFailure(version: string, error: unknown): TenonError {
  if (error instanceof TenonError) return error;
  // Its places are tensors; a version has one file of them.
  if (error instanceof SafetensorsError) return notLoadable(version, `weights.safetensors: ${error.message}`, error);
  const known = error instanceof BundleError || error instanceof RecipeError;
  // Every named error of a model reader tells its field; anything else is a fault of ours.
  if (known || (error instanceof Error && 'field' in error)) return notLoadable(version, error.message, error);
  const id = randomUUID();
  return new TenonError({
    reason: 'INTERNAL',
    message: `loading ${version} met an internal error ${id}`,
    facts: { id },
    cause: error,
  });
}

/** MODEL_NOT_LOADABLE: the version and what is wrong with it. */
export function notLoadable(version: string, why: string, cause?: unknown): TenonError {
  return new TenonError({
    reason: 'MODEL_NOT_LOADABLE',
    message: `${version} cannot be loaded: ${why}`,
    facts: { version },
    cause,
  });
}

/** EXPLANATION_UNSUPPORTED: the estimator, why, and, where something else was asked for, what explains any model. */
export function explanationUnsupported(
  { estimator, why, message }: ExplanationError,
  { sampled }: { sampled: boolean },
): TenonError {
  return new TenonError({
    reason: 'EXPLANATION_UNSUPPORTED',
    message: sampled ? message : `${message}; method EXPLANATION_METHOD_SAMPLING explains any model`,
    facts: { estimator, why },
  });
}

/** Throws EXPLANATION_UNSUPPORTED for a model that predicts groups. */
export function checkExplainable({ signature, model }: Pick<ScoringModel, 'signature' | 'model'>): void {
  if (signature.task !== 'clustering') return;
  const why = 'predicts the number of a group; numbers of groups have no order, so that nothing moves them up or down';
  throw explanationUnsupported(new ExplanationError(model.estimator ?? 'this model', why), { sampled: true });
}

/** DEPLOYMENT_NOT_READY: no version answers yet. */
export function notReady(name: string, state: string, error: TenonError | null): TenonError {
  return new TenonError({
    reason: 'DEPLOYMENT_NOT_READY',
    message: `${name} has no version ready: it is ${state}${error === null ? '' : `; ${error.message}`}`,
    facts: { name, state },
    retryAfterMs: notReadyRetryMs,
  });
}

const statusType = packageDefinition['google.rpc.Status'] as unknown as { deserialize(bytes: Buffer): Status };

/** The error as a `google.rpc.Status` with its details. */
export function statusOf(error: TenonError): Status {
  return statusType.deserialize(encodeStatus(error).details);
}
