import { tensorLimits } from '../table/tensor-type.js';
import { BundleError, checkKeys } from './bundle-error.js';

/** The most parity rows of a version: enough to catch a wrong load, cheap enough for every start. */
export const maxParityRows = 20;

/**
 * A cell of a parity row as JSON keeps it; whole numbers beyond ±(2^53 - 1) are decimal text, tensors flat lists of
 * their elements.
 */
export type ParityCell = null | boolean | number | string | readonly number[];

/** What `parity.json` holds: raw rows and what the trainer's model gave for each. */
export interface Parity {
  readonly formatVersion: 1;
  /** Cells in the order of the recipe's inputs. */
  readonly rows: readonly (readonly ParityCell[])[];
  /** Per row the probability of each class, or one number; all exact in single precision. */
  readonly outputs: readonly (readonly number[])[];
}

/**
 * Reads `parity.json` of any origin. Throws BundleError unless it holds 1 to 20 rows of
 * `inputCount` cells and as many outputs of `outputCount` finite numbers.
 */
export function parityFromJSON(json: unknown, shape: { inputCount: number; outputCount: number }): Parity {
  const { formatVersion, rows, outputs } = checkKeys('parity.json', json, ['formatVersion', 'rows', 'outputs']);
  if (formatVersion !== 1) throw new BundleError('parity.json.formatVersion', formatVersion, 'must be 1');
  if (!Array.isArray(rows) || rows.length < 1 || rows.length > maxParityRows) {
    const seen = Array.isArray(rows) ? rows.length : rows;
    throw new BundleError('parity.json.rows', seen, `must be an array of 1 to ${maxParityRows} rows`);
  }
  if (!Array.isArray(outputs) || outputs.length !== rows.length) {
    const seen = Array.isArray(outputs) ? outputs.length : outputs;
    throw new BundleError('parity.json.outputs', seen, `must be an array of ${rows.length}, one per row`);
  }
  for (const [index, row] of (rows as unknown[]).entries()) {
    checkArray(
      `parity.json.rows[${index}]`,
      row,
      shape.inputCount,
      isCell,
      'must be null, a boolean, a number, text or a list of numbers',
    );
  }
  for (const [index, output] of (outputs as unknown[]).entries()) {
    checkArray(`parity.json.outputs[${index}]`, output, shape.outputCount, isSingle, 'must be a finite f32');
  }
  return { formatVersion, rows: rows as ParityCell[][], outputs: outputs as number[][] };
}

/** The parity of these rows and outputs. Throws BundleError if there is no row, or an output is not finite. */
export function parityOf(rows: readonly (readonly ParityCell[])[], outputs: readonly (readonly number[])[]): Parity {
  if (rows.length === 0) throw new BundleError('parity.json.rows', 0, 'rows must be >= 1');
  for (const [index, output] of outputs.entries()) {
    const wrong = output.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new BundleError(`parity.json.outputs[${index}][${wrong}]`, output[wrong], 'must be finite');
    }
  }
  return { formatVersion: 1, rows, outputs };
}

function checkArray(
  field: string,
  value: unknown,
  length: number,
  fits: (element: unknown) => boolean,
  bound: string,
): void {
  if (!Array.isArray(value) || value.length !== length) {
    throw new BundleError(field, Array.isArray(value) ? value.length : value, `must be an array of ${length}`);
  }
  const wrong = value.findIndex((element) => !fits(element));
  if (wrong >= 0) throw new BundleError(`${field}[${wrong}]`, value[wrong], bound);
}

function isCell(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length <= tensorLimits.elements && value.every((element) => Number.isFinite(element));
  }
  return value === null || ['boolean', 'number', 'string'].includes(typeof value);
}

function isSingle(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && Math.fround(value) === value;
}
