import { nearestName } from '../table/nearest-name.js';
import type { ColumnType } from '../table/table.js';
import { quantilesOf, statisticsOf } from './column-views.js';
import { fillableTypes, fillOps } from './fit-fill.js';
import type { EncodeOp, FittedOp, ScaleOp } from './fitted-op.js';
import { RecipeError } from './recipe-error.js';
import type { PcaStep, RecipeStep } from './recipe-step.js';
import { stepFields } from './recipe-step.js';
import { tableColumn } from './run-op.js';
import { settledColumn } from './settled-column.js';
import { type NumberStatistics, valueCounts } from './statistics.js';
import type { Workspace } from './workspace.js';
import { columnsNamed } from './workspace.js';

type StepOf<Kind extends RecipeStep['kind']> = Extract<RecipeStep, { kind: Kind }>;

const numeric: readonly ColumnType[] = ['double', 'integer'];
const categorical: readonly ColumnType[] = ['string', 'boolean', 'integer'];
const scalable: readonly ColumnType[] = [...numeric, 'tensor'];
const anyType: readonly ColumnType[] = ['boolean', 'integer', 'double', 'string', 'tensor'];

/** Turns a step into operations by looking at the rows as they stand. `field` is the step's place. */
export function fitStep(step: Exclude<RecipeStep, PcaStep>, workspace: Workspace, field: string): FittedOp[] {
  const chosen = chooseColumns(step, workspace, field);
  switch (step.kind) {
    case 'dropMissing':
    case 'dropDuplicates':
      return chosen.length === 0 ? [] : [{ kind: step.kind, columns: chosen }];
    case 'fillMissing':
      return fillOps(
        step,
        chosen.map((name) => tableColumn(workspace, name)),
        workspace.rowCount,
        `${field}.fill_missing`,
      );
    case 'standardize':
    case 'minMax':
    case 'maxAbs':
    case 'robust':
      return scaleOps(step, workspace, chosen, field);
    default:
      return chosen.map((column) => encodeOp(step, workspace, column, field));
  }
}

function takenTypes(step: RecipeStep): readonly ColumnType[] {
  switch (step.kind) {
    case 'dropMissing':
    case 'dropDuplicates':
      return anyType;
    case 'fillMissing':
      return fillableTypes(step);
    case 'standardize':
    case 'minMax':
    case 'maxAbs':
      return scalable;
    case 'robust':
    case 'pca':
      return numeric;
    default:
      return categorical;
  }
}

/**
 * The columns named, or every one of a type the step can take. One-hot and reduced columns can
 * only still be compared for duplicates.
 */
export function chooseColumns(step: RecipeStep, { columns }: Workspace, field: string): string[] {
  const taken: readonly string[] =
    step.kind === 'dropDuplicates' ? [...anyType, 'encoded', 'reduced'] : takenTypes(step);
  if (step.columns.length === 0) {
    return [...columns.values()].filter(({ type }) => taken.includes(type)).map(({ name }) => name);
  }
  for (const [index, name] of step.columns.entries()) {
    const at = `${field}.columns[${index}]`;
    const column = columns.get(name);
    if (column === undefined) {
      const near = nearestName(name, columns.keys());
      const bound = `must be an input column${near === undefined ? '' : `; did you mean ${near}?`}`;
      throw new RecipeError('UNKNOWN_COLUMN', at, name, bound, { column: name });
    }
    if ((column.type === 'encoded' || column.type === 'reduced') && !taken.includes(column.type)) {
      const bound = `is ${column.type === 'encoded' ? 'one-hot encoded' : 'reduced'} by an earlier step; ${stepFields[step.kind]} must come before it`;
      throw new RecipeError('INVALID_FIELD', at, name, bound, { column: name });
    }
    if (!taken.includes(column.type)) {
      const bound = `is ${column.type} here; ${stepFields[step.kind]} takes ${taken.join(', ')}`;
      throw new RecipeError('INVALID_FIELD', at, name, bound, { column: name });
    }
  }
  return [...step.columns];
}

type ScaleStep = StepOf<'standardize' | 'minMax' | 'maxAbs' | 'robust'>;

function scaleOps(step: ScaleStep, workspace: Workspace, names: readonly string[], field: string): ScaleOp[] {
  const { rowCount } = workspace;
  const statistics = statisticsOf(columnsNamed(workspace, names), rowCount);
  const quantiles =
    step.kind === 'robust'
      ? quantilesOf(
          names.map((name) => tableColumn(workspace, name)),
          rowCount,
          [step.lowerQuantile, 0.5, step.upperQuantile],
        )
      : [];
  return names.map((column, index): ScaleOp => {
    const found = statistics[index] as NumberStatistics;
    const op: ScaleOp = { kind: 'scale', column, ...scaleOf(step, found, quantiles[index] ?? [0, 0, 0]) };
    if ([op.center, op.divisor, op.span].every(Number.isFinite)) return op;
    const bound = `is too wide a range of column ${column} to scale in 64 bits`;
    throw new RecipeError('NOT_FINITE', `${field}.${stepFields[step.kind]}`, found.max - found.min, bound, { column });
  });
}

function scaleOf(
  step: ScaleStep,
  { mean, stdDev, min, max }: NumberStatistics,
  [lower = 0, median = 0, upper = 0]: readonly number[],
): Omit<ScaleOp, 'kind' | 'column'> {
  switch (step.kind) {
    case 'standardize':
      return { center: mean, divisor: stdDev, span: 1, lower: 0 };
    case 'minMax':
      return { center: min, divisor: max - min, span: step.upper - step.lower, lower: step.lower };
    case 'maxAbs':
      return { center: 0, divisor: Math.max(-min, max), span: 1, lower: 0 };
    default:
      return { center: median, divisor: Math.max(0, upper - lower), span: 1, lower: 0 };
  }
}

function encodeOp(step: StepOf<'oneHot' | 'ordinal'>, workspace: Workspace, name: string, field: string): EncodeOp {
  const column = settledColumn(tableColumn(workspace, name), workspace.rowCount);
  const categories = [...valueCounts(column).keys()]
    .map((value) => (column.type === 'boolean' ? String(value === 1) : String(value)))
    .sort();
  if (step.kind === 'oneHot' && categories.length > step.maxCategories) {
    const bound = `categories in column ${name} must be <= ${step.maxCategories}`;
    throw new RecipeError('INVALID_FIELD', `${field}.one_hot.max_categories`, categories.length, bound, {
      column: name,
    });
  }
  return { kind: step.kind, column: name, categories, unknown: step.unknown };
}
