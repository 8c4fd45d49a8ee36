import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawRows, ScoringModel } from '../../native/bundle/bundle.js';
import { featureSources } from '../../native/explain/feature-groups.js';
import type { InputColumn, ScalarInput } from '../../native/recipe/fitted-recipe-data.js';
import { readStructValue, readTypedValue, type Scalar } from '../../native/recipe/row-values.js';
import type { Matrix } from '../../native/table/matrix.js';
import { nearestName } from '../../native/table/nearest-name.js';
import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import type { GetPartialDependenceResponse, PartialDependencePoint } from '../../proto/gen/tenon/serving/v1/index.js';
import { invalidField, TenonError } from '../mesh/errors.js';
import { checkExplainable, rowError } from './errors.js';
import { maxKeptFeatures } from './limits.js';

/** Features copied and scored in one go. */
const sliceFeatures = 2 ** 20;

/**
 * What a model predicts on average as a column takes each of at most `gridSize` of its values in
 * all rows. Throws TenonError: the errors of rows as in Predict, UNKNOWN_COLUMN, INVALID_FIELD for
 * a column of nulls and for too many features, EXPLANATION_UNSUPPORTED for clustering; the signal's reason.
 */
export async function partialDependence(
  model: ScoringModel,
  rows: RawRows,
  { column, gridSize, signal }: { column: string; gridSize: number; signal: AbortSignal },
): Promise<Omit<GetPartialDependenceResponse, 'modelVersion'>> {
  checkExplainable(model);
  const { recipe, signature } = model;
  const input = recipe.inputs.find(({ name }) => name === column);
  if (input === undefined) throw unknownColumn(column, recipe.inputs);
  if (input.type === 'tensor') throw invalidField('column', column, 'must be a column of single values');
  const source = featureSources(recipe.data).find(({ name }) => name === column);
  if (source === undefined)
    throw invalidField('column', column, 'must have features of its own, not be reduced by pca');
  const group = source.features;
  try {
    const features = await encoded(model, rows, signal);
    const grid = gridOf(rows, input, gridSize);
    if (grid.length === 0) throw invalidField('column', column, 'must have a value in at least one row');
    const points: PartialDependencePoint[] = [];
    for (const { row, value } of grid) {
      const sums = await sumsWith(model, features, { group, from: row, signal });
      const predictions = Array.from(sums, (sum) => sum / features.rowCount);
      points.push({ value: messageOf(value, input), predictions });
    }
    return { points, classes: [...signature.classes] };
  } catch (error) {
    throw rowError(error);
  }
}

async function encoded(model: ScoringModel, rows: RawRows, signal: AbortSignal): Promise<Matrix> {
  const rowCount = 'records' in rows ? rows.records.length : rows.rows.length;
  const columnCount = model.encoder.featureCount;
  if (rowCount * columnCount > maxKeptFeatures) {
    const bound = `features (${columnCount} of each row) must be <= ${maxKeptFeatures}; send fewer rows`;
    throw invalidField('records' in rows ? 'records' : 'rows', rowCount * columnCount, bound);
  }
  const data = new Float32Array(rowCount * columnCount);
  for (let begin = 0; begin < rowCount; begin += model.rowsPerSlice) {
    if (begin > 0) await nextTurn();
    signal.throwIfAborted();
    const part = model.encodeRows(rows, begin, Math.min(rowCount, begin + model.rowsPerSlice));
    data.set(part.data, begin * columnCount);
  }
  return { data, rowCount, columnCount };
}

/** The sum over rows of what is predicted where all have the features `group` of the row `from`. */
async function sumsWith(
  { model, outputCount }: ScoringModel,
  { data, rowCount, columnCount }: Matrix,
  { group, from, signal }: { group: readonly number[]; from: number; signal: AbortSignal },
): Promise<Float64Array> {
  const sums = new Float64Array(outputCount);
  const perSlice = Math.max(1, Math.floor(sliceFeatures / columnCount));
  for (let begin = 0; begin < rowCount; begin += perSlice) {
    // Few rows may be scored where they are called, without a turn.
    await nextTurn();
    signal.throwIfAborted();
    const end = Math.min(rowCount, begin + perSlice);
    const part = data.slice(begin * columnCount, end * columnCount);
    for (const feature of group) {
      const value = data[from * columnCount + feature] as number;
      for (let at = feature; at < part.length; at += columnCount) part[at] = value;
    }
    const scores = await model.predict({ data: part, rowCount: end - begin, columnCount }, { signal });
    for (let index = 0; index < scores.length; index++) {
      const output = index % outputCount;
      sums[output] = (sums[output] as number) + (scores[index] as number);
    }
  }
  return sums;
}

/** A value of the column, and a row that has it. */
interface GridPlace {
  readonly row: number;
  readonly value: Exclude<Scalar, null>;
}

/** The rows have been read before, so that no value is wrong here. */
function gridOf(rows: RawRows, input: ScalarInput, gridSize: number): GridPlace[] {
  const scalarAt = (row: number): Scalar =>
    'records' in rows
      ? readStructValue(rows.records[row]?.fields?.[input.name] ?? {}, input, '', row)
      : readTypedValue(rows.rows[row]?.values?.[input.name] ?? {}, input, '', row);
  const rowCount = 'records' in rows ? rows.records.length : rows.rows.length;
  const places: GridPlace[] = [];
  for (let row = 0; row < rowCount; row++) {
    const value = scalarAt(row);
    if (value !== null) places.push({ row, value });
  }
  if (input.type === 'integer' || input.type === 'double') return quantilesOf(places, gridSize);
  return mostFrequentOf(places, gridSize);
}

const byValue = (a: GridPlace, b: GridPlace) => (a.value < b.value ? -1 : Number(a.value > b.value)) || a.row - b.row;
const distinct = (places: readonly GridPlace[]) =>
  places.filter(({ value }, index) => index === 0 || value !== places[index - 1]?.value);

/** All distinct numbers, or those at evenly spaced quantiles. */
function quantilesOf(places: readonly GridPlace[], gridSize: number): GridPlace[] {
  const sorted = [...places].sort(byValue);
  const all = distinct(sorted);
  if (all.length <= gridSize) return all;
  const chosen = Array.from({ length: gridSize }, (_, place) => {
    const share = 0.05 + (0.9 * place) / (gridSize - 1);
    return sorted[Math.round(share * (sorted.length - 1))] as GridPlace;
  });
  return distinct(chosen);
}

function mostFrequentOf(places: readonly GridPlace[], gridSize: number): GridPlace[] {
  const counts = new Map<Scalar, { place: GridPlace; count: number }>();
  for (const place of places) {
    const seen = counts.get(place.value);
    if (seen === undefined) counts.set(place.value, { place, count: 1 });
    else seen.count++;
  }
  const frequent = [...counts.values()].sort((a, b) => b.count - a.count || byValue(a.place, b.place));
  return frequent
    .slice(0, gridSize)
    .map(({ place }) => place)
    .sort(byValue);
}

/** The value by its column's type; whole numbers that no double holds exactly stay decimal text. */
function messageOf(value: GridPlace['value'], { type }: InputColumn): Value {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return type === 'integer' ? { integerValue: value } : { doubleValue: value };
  return { stringValue: String(value) };
}

function unknownColumn(column: string, inputs: readonly InputColumn[]): TenonError {
  const names = inputs.map(({ name }) => name);
  const nearest = nearestName(column, names);
  const help = nearest === undefined ? `it has ${names.slice(0, 20).join(', ')}` : `did you mean ${nearest}?`;
  const description = `${JSON.stringify(column.slice(0, 128))} is no input column of the model; ${help}`;
  return new TenonError({
    reason: 'UNKNOWN_COLUMN',
    message: `column: ${description}`,
    violations: [{ field: 'column', description }],
    facts: { field: 'column', column: column.slice(0, 128) },
  });
}
