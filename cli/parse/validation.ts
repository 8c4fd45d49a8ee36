import type { Validation } from '../../proto/gen/tenon/training/v1/index.js';
import { UsageError } from '../usage-error.js';

/** The forms of `--validation`, for its help and its errors. */
export const validationForms =
  'none, k-fold, stratified, repeated[:REPEATS], group:COLUMN, leave-one-out, holdout[:SHARE], forward[:COLUMN]';

/** What the flags of `train` say of validation. */
export interface ValidationFlags {
  validation?: string;
  folds?: number;
  stratified: boolean;
}

/** How quality is estimated; null leaves it to the service, which knows the task. Throws UsageError. */
export function validationOf({ validation: text, folds, stratified }: ValidationFlags): Validation | null {
  if (text !== undefined) return namedValidation(text, { folds, stratified });
  if (folds === 0) {
    if (stratified) throw new UsageError('--stratified has no effect with --folds 0; leave one out');
    return { none: {} };
  }
  // Zero folds mean the service's default.
  if (stratified) return { stratifiedKFold: { folds: folds ?? 0 } };
  return folds === undefined ? null : { kFold: { folds } };
}

function namedValidation(
  text: string,
  { folds: asked, stratified }: { folds: number | undefined; stratified: boolean },
): Validation {
  const colon = text.indexOf(':');
  const [kind, detail] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  const folds = asked ?? 0;
  const refuse = (what: string) => new UsageError(`--validation ${JSON.stringify(text)} ${what}`);
  if (asked === 0) throw refuse('goes with 1 fold or more; leave --folds 0 out');
  const takesFolds = ['k-fold', 'stratified', 'repeated', 'group', 'forward'].includes(kind);
  if (asked !== undefined && !takesFolds) throw refuse('has no folds to count; leave --folds out');
  if (stratified && !['k-fold', 'stratified', 'repeated', 'group'].includes(kind)) {
    throw refuse('cannot keep shares of classes; leave --stratified out');
  }
  if (detail === '' && (kind === 'group' || colon >= 0)) throw refuse(`must be one of ${validationForms}`);
  if (detail !== '' && !['repeated', 'group', 'holdout', 'forward'].includes(kind)) {
    throw refuse(`must be one of ${validationForms}`);
  }
  switch (kind) {
    case 'none':
      return { none: {} };
    case 'k-fold':
      return stratified ? { stratifiedKFold: { folds } } : { kFold: { folds } };
    case 'stratified':
      return { stratifiedKFold: { folds } };
    case 'repeated': {
      const repeats = detail === '' ? 0 : Number(detail);
      if (!Number.isInteger(repeats) || (detail !== '' && repeats < 1))
        throw refuse('must repeat a whole number of times');
      return { repeatedKFold: { folds, repeats, stratified } };
    }
    case 'group':
      return { groupKFold: { folds, column: detail, stratified } };
    case 'leave-one-out':
      return { leaveOneOut: {} };
    case 'holdout': {
      const fraction = detail === '' ? 0 : Number(detail);
      if (detail !== '' && !(fraction > 0 && fraction < 1)) throw refuse('must hold out a share above 0 and below 1');
      return { holdout: { fraction } };
    }
    case 'forward':
      return { forwardChaining: { folds, column: detail } };
    default:
      throw refuse(`must be one of ${validationForms}`);
  }
}
