import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { checkText } from '../mesh/resource/text.js';
import { defaultFolds, defaultHoldout, defaultRepeats, maxFolds, maxRepeats, minFolds } from './limits.js';

/** How a spec divides the training rows; `field` is where it says so. */
export type ValidationPlan = { field: string } & (
  | { kind: 'none' | 'leaveOneOut' }
  | { kind: 'kFold'; folds: number; stratified: boolean; repeats: number }
  | { kind: 'group'; folds: number; column: string; stratified: boolean }
  | { kind: 'holdout'; fraction: number }
  | { kind: 'forward'; folds: number; column: string; gap: number; testRows: number; trainRows: number }
);

const names =
  'k_fold, stratified_k_fold, group_k_fold, repeated_k_fold, leave_one_out, holdout, forward_chaining or none';

/**
 * Reads `job.spec.validation`; null where the spec leaves it open. What only the rows can tell, such as the rarest class,
 * is not judged. Throws INVALID_FIELD.
 */
export function validationPlanOf({ validation }: Pick<JobSpec__Output, 'validation'>): ValidationPlan | null {
  if (validation === null) return null;
  const at = 'job.spec.validation';
  const bounded = (field: string, asked: number, unset: number, low: number, high: number): number => {
    const value = asked === 0 ? unset : asked;
    if (value < low || value > high) throw invalidField(field, asked, `must be ${low} to ${high}, or 0 for ${unset}`);
    return value;
  };
  const foldsAt = (field: string, asked: number, low = minFolds) =>
    bounded(`${field}.folds`, asked, defaultFolds, low, maxFolds);
  const rowsAt = (field: string, value: number): number => {
    if (!Number.isSafeInteger(value) || value < 0) throw invalidField(field, value, 'must be >= 0');
    return value;
  };
  switch (validation.method) {
    case 'none':
      return { kind: 'none', field: `${at}.none` };
    case 'leaveOneOut':
      return { kind: 'leaveOneOut', field: `${at}.leave_one_out` };
    case 'kFold':
    case 'stratifiedKFold': {
      const stratified = validation.method === 'stratifiedKFold';
      const field = `${at}.${stratified ? 'stratified_k_fold' : 'k_fold'}`;
      const asked = (stratified ? validation.stratifiedKFold : validation.kFold)?.folds ?? 0;
      return { kind: 'kFold', field, folds: foldsAt(field, asked), stratified, repeats: 1 };
    }
    case 'repeatedKFold': {
      const field = `${at}.repeated_k_fold`;
      const { folds = 0, repeats = 0, stratified = false } = validation.repeatedKFold ?? {};
      const often = bounded(`${field}.repeats`, repeats, defaultRepeats, 1, maxRepeats);
      return { kind: 'kFold', field, folds: foldsAt(field, folds), stratified, repeats: often };
    }
    case 'groupKFold': {
      const field = `${at}.group_k_fold`;
      const { folds = 0, column = '', stratified = false } = validation.groupKFold ?? {};
      checkText(`${field}.column`, column, { min: 1, max: 128 });
      return { kind: 'group', field, folds: foldsAt(field, folds), column, stratified };
    }
    case 'holdout': {
      const field = `${at}.holdout`;
      const asked = validation.holdout?.fraction ?? 0;
      const fraction = asked === 0 ? defaultHoldout : asked;
      if (!(fraction > 0 && fraction < 1)) {
        throw invalidField(`${field}.fraction`, asked, `must be above 0 and below 1, or 0 for ${defaultHoldout}`);
      }
      return { kind: 'holdout', field, fraction };
    }
    case 'forwardChaining': {
      const field = `${at}.forward_chaining`;
      const { folds = 0, column = '', gap = 0, testRows = 0, trainRows = 0 } = validation.forwardChaining ?? {};
      checkText(`${field}.column`, column, { max: 128 });
      return {
        kind: 'forward',
        field,
        folds: foldsAt(field, folds, 1),
        column,
        gap: rowsAt(`${field}.gap`, gap),
        testRows: rowsAt(`${field}.test_rows`, testRows),
        trainRows: rowsAt(`${field}.train_rows`, trainRows),
      };
    }
    default:
      throw invalidField(at, null, `must be ${names}`);
  }
}

/** How many folds a plan makes of so many training rows. */
export function foldCountOf(plan: ValidationPlan, trainRows: number): number {
  switch (plan.kind) {
    case 'none':
      return 0;
    case 'holdout':
      return 1;
    case 'leaveOneOut':
      return trainRows;
    case 'kFold':
      return plan.folds * plan.repeats;
    default:
      return plan.folds;
  }
}

/** The column that a plan divides by; empty for none. */
export function dividingColumn(plan: ValidationPlan | null): string {
  return plan !== null && 'column' in plan ? plan.column : '';
}
