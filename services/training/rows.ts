import { kFold, stratifiedKFold } from '../../native/validation/folds.js';
import type { SplitRows } from '../../native/validation/split.js';
import { trainTestSplit } from '../../native/validation/split.js';
import { ValidationError } from '../../native/validation/validation-error.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import type { Labelled } from './target-values.js';
import { foldsOf } from './validate.js';

/** Which rows of a table are trained on, tested on, and left out in turn; row numbers of the table. */
export interface RowPlan extends SplitRows {
  /** Over the training rows alone. */
  folds: SplitRows[];
}

/** Divides the rows of a job as its resolved spec says. Throws INVALID_FIELD, naming the number of folds. */
export function rowPlan(spec: JobSpec__Output, { table, values }: Labelled): RowPlan {
  const { seed } = spec;
  const testFraction = spec.testFraction ?? 0;
  const strata = spec.task === 'TASK_CLASSIFICATION' ? Uint32Array.from(values) : undefined;
  const { folds, field } = foldsOf(spec);
  try {
    const options = { rowCount: table.rowCount, testFraction, seed };
    const { train, test } = trainTestSplit(strata === undefined ? options : { ...options, strata });
    const divided = divide(
      spec,
      Uint32Array.from(train, (row) => values[row] ?? 0),
      folds,
    );
    const inTable = (rows: Uint32Array) => rows.map((row) => train[row] ?? 0);
    return { train, test, folds: divided.map((fold) => ({ train: inTable(fold.train), test: inTable(fold.test) })) };
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw invalidField(error.field === 'folds' ? field : `job.spec.${error.field}`, error.seen, error.bound);
  }
}

function divide({ validation, seed }: JobSpec__Output, labels: Uint32Array, folds: number): SplitRows[] {
  if (folds === 0) return [];
  if (validation?.method === 'stratifiedKFold') return stratifiedKFold({ labels, folds, seed });
  return kFold({ rowCount: labels.length, folds, seed });
}
