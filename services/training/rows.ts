import type { TableColumn } from '../../native/table/table.js';
import { cellAt, columnNamed } from '../../native/table/table.js';
import { kFold, stratifiedKFold } from '../../native/validation/folds.js';
import { forwardChaining, latestSplit } from '../../native/validation/forward-chaining.js';
import { groupKFold, stratifiedGroupKFold } from '../../native/validation/grouped-folds.js';
import { leaveOneOut } from '../../native/validation/leave-one-out.js';
import { repeated } from '../../native/validation/repeated.js';
import type { SplitRows } from '../../native/validation/split.js';
import { groupedSplit, trainTestSplit } from '../../native/validation/split.js';
import { ValidationError } from '../../native/validation/validation-error.js';
import type { JobSpec__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import type { Labelled } from './target-values.js';
import { type ValidationPlan, validationPlanOf } from './validation.js';

/** Which rows of a table are trained on, tested on, and left out in turn; row numbers of the table. */
export interface RowPlan extends SplitRows {
  /** Over the training rows alone. */
  folds: SplitRows[];
}

/** Fields of ValidationError by how the contract spells them. */
const spelled: Readonly<Record<string, string>> = { test_rows: 'test_rows', train_rows: 'train_rows', times: 'column' };

/**
 * Divides the rows of a job as its resolved spec says. Throws INVALID_FIELD, naming what of the division the rows do not
 * allow.
 */
export function rowPlan(spec: JobSpec__Output, data: Labelled): RowPlan {
  const plan = validationPlanOf(spec) ?? { kind: 'none', field: 'job.spec.validation' };
  const { seed } = spec;
  const { rowCount } = data.table;
  const testFraction = spec.testFraction ?? 0;
  const classes = spec.task === 'TASK_CLASSIFICATION' ? Uint32Array.from(data.values) : null;
  const groups = plan.kind === 'group' ? groupCodes(columnOf(data, plan.column), rowCount) : null;
  const times = plan.kind === 'forward' && plan.column !== '' ? timesOf(data, plan) : undefined;
  let train: Uint32Array = new Uint32Array(0);
  try {
    const parts = heldOut();
    const { test } = parts;
    train = parts.train;
    const inTrain = (codes: Uint32Array | null) => codes && train.map((row) => codes[row] ?? 0);
    const divided = divide(plan, {
      rowCount: train.length,
      labels: inTrain(classes),
      groups: inTrain(groups),
      times: times && Float64Array.from(train, (row) => times[row] ?? 0),
      seed,
    });
    const inTable = (rows: Uint32Array) => rows.map((row) => train[row] ?? 0);
    return { train, test, folds: divided.map((fold) => ({ train: inTable(fold.train), test: inTable(fold.test) })) };
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const ofPart = ['test_fraction', 'seed'].includes(error.field);
    const field = ofPart ? `job.spec.${error.field}` : `${plan.field}.${spelled[error.field] ?? error.field}`;
    const rarest = plan.kind === 'kFold' && plan.stratified && error.field === 'folds' ? rarestClass(data, train) : '';
    throw invalidField(error.field === 'row_count' ? plan.field : field, error.seen, `${error.bound}${rarest}`);
  }

  function heldOut(): SplitRows {
    if (testFraction > 0 && groups !== null) return groupedSplit({ groups, testFraction, seed });
    if (testFraction > 0 && plan.kind === 'forward') {
      return latestSplit({ rowCount, times, testFraction, gap: plan.gap });
    }
    return trainTestSplit({ rowCount, testFraction, seed, ...(classes === null ? {} : { strata: classes }) });
  }
}

/** Names the class of which the fewest of these rows are, for a message; empty where there are no classes. */
function rarestClass({ classes, values }: Labelled, rows: Uint32Array): string {
  if (classes.length === 0) return '';
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(values[row] ?? 0, (counts.get(values[row] ?? 0) ?? 0) + 1);
  const [[rarest, count]] = [...counts].sort((a, b) => a[1] - b[1] || a[0] - b[0]) as [[number, number]];
  return `; ${JSON.stringify(classes[rarest])} has ${count} of the ${rows.length} rows to train on`;
}

function divide(
  plan: ValidationPlan,
  rows: {
    rowCount: number;
    labels: Uint32Array | null;
    groups: Uint32Array | null;
    times: Float64Array | undefined;
    seed: number;
  },
): SplitRows[] {
  const { rowCount, labels, groups, times, seed } = rows;
  switch (plan.kind) {
    case 'none':
      return [];
    case 'leaveOneOut':
      return leaveOneOut({ rowCount });
    case 'holdout':
      return [
        trainTestSplit({ rowCount, testFraction: plan.fraction, seed, ...(labels === null ? {} : { strata: labels }) }),
      ];
    case 'group': {
      const codes = groups ?? new Uint32Array(rowCount);
      const { folds } = plan;
      return plan.stratified && labels !== null
        ? stratifiedGroupKFold({ labels, groups: codes, folds, seed })
        : groupKFold({ groups: codes, folds, seed });
    }
    case 'forward': {
      const { folds, gap, testRows, trainRows } = plan;
      return forwardChaining({
        rowCount,
        times,
        folds,
        gap,
        ...(testRows === 0 ? {} : { testRows }),
        ...(trainRows === 0 ? {} : { window: 'sliding' as const, trainRows }),
      });
    }
    default: {
      const { folds, repeats, stratified } = plan;
      return repeated({ repeats, seed }, (drawn) =>
        stratified && labels !== null
          ? stratifiedKFold({ labels, folds, seed: drawn })
          : kFold({ rowCount, folds, seed: drawn }),
      );
    }
  }
}

function columnOf({ table }: Labelled, name: string): TableColumn {
  const column = columnNamed(table, name);
  if (column === undefined) throw new Error(`the column ${name} was not read`);
  return column;
}

/** A code per row, the same for equal values. */
function groupCodes(column: TableColumn, rowCount: number): Uint32Array {
  const codes = new Map<unknown, number>();
  return Uint32Array.from({ length: rowCount }, (_, row) => {
    const cell = cellAt(column, row);
    const code = codes.get(cell) ?? codes.size;
    codes.set(cell, code);
    return code;
  });
}

function timesOf(data: Labelled, { column: name, field }: { column: string; field: string }): Float64Array {
  const column = columnOf(data, name);
  const missing = column.validity?.indexOf(0) ?? -1;
  if (missing >= 0) {
    throw invalidField(
      `${field}.column`,
      name,
      `must have a time in every row; row ${data.sourceRows[missing]} has none`,
    );
  }
  return Float64Array.from({ length: data.table.rowCount }, (_, row) => Number(cellAt(column, row)));
}
