import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FittedRecipe } from '../recipe/fitted-recipe.js';
import type { InputColumn } from '../recipe/fitted-recipe-data.js';
import { fittedRecipeFromJSON } from '../recipe/fitted-recipe-from-json.js';
import { compileRowEncoder } from '../recipe/row-encoder.js';
import type { RowReader } from '../recipe/row-reader.js';
import { compileRowReader } from '../recipe/row-reader.js';
import type { StructValueLike } from '../recipe/row-values.js';
import type { TensorFile } from '../safetensors.js';
import { readSafetensors, writeSafetensors } from '../safetensors.js';
import type { Cell } from '../table/table.js';
import { BundleError } from './bundle-error.js';
import type { ParityCell } from './parity.js';
import { maxParityRows, parityFromJSON, parityOf } from './parity.js';
import type { BundledModel, RecordLike, ScoringModel } from './scoring-model.js';
import { createPredictors, isQuick } from './scoring-model.js';
import type { Signature } from './signature.js';
import { signatureFromJSON } from './signature.js';

export { BundleError } from './bundle-error.js';
export type { BundledModel, RawRows, RecordLike, RowLike, Scores, ScoringModel } from './scoring-model.js';

/** A file of a model version. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files that make a model version servable. */
export const bundlePaths = ['weights.safetensors', 'recipe.json', 'signature.json', 'parity.json'] as const;

/**
 * The files of a model version. `parityRows` holds raw rows in input order, of which the
 * first 20 are scored here. Throws RecipeError for a row that a prediction would refuse,
 * BundleError if there is no row or an output is not finite.
 */
export function writeBundle(parts: {
  model: BundledModel;
  recipe: FittedRecipe;
  signature: Signature;
  parityRows: readonly (readonly (Cell | ParityCell)[])[];
}): BundleFile[] {
  const { model, recipe, signature } = parts;
  const { predictRecords } = createPredictors(compileRowEncoder(recipe.data, signature), model, null);
  const rows = parts.parityRows.slice(0, maxParityRows).map((row) => row.map(parityCell));
  const outputs = rows.map((row) => [...predictRecords([recordOf(row, recipe.inputs)])]);
  return [
    { path: 'weights.safetensors', bytes: writeSafetensors(model.toTensors()) },
    jsonFile('recipe.json', recipe.toJSON()),
    jsonFile('signature.json', signature),
    jsonFile('parity.json', parityOf(rows, outputs)),
  ];
}

/**
 * Reads a bundle of any origin. `loadModel` builds the model from its tensors. Throws
 * BundleError, SafetensorsError, RecipeError or what `loadModel` throws when a file is
 * missing, of another layout, or does not fit the others.
 */
export function readBundle(files: readonly BundleFile[], loadModel: (file: TensorFile) => BundledModel): ScoringModel {
  const recipe = fittedRecipeFromJSON(jsonOf(files, 'recipe.json'));
  const signature = signatureFromJSON(jsonOf(files, 'signature.json'), recipe.data);
  const outputCount = signature.task === 'classification' ? signature.classes.length : 1;
  const shape = { inputCount: recipe.inputs.length, outputCount };
  const parity = parityFromJSON(jsonOf(files, 'parity.json'), shape);
  const encoder = compileRowEncoder(recipe.data, signature);
  const model = loadModel(readSafetensors(fileNamed(files, 'weights.safetensors')));
  let reader: RowReader | null;
  try {
    checkModel(model, signature, encoder.featureCount);
    reader = compileRowReader(recipe.data, encoder);
  } catch (error) {
    model.dispose();
    throw error;
  }
  const predictors = createPredictors(encoder, model, reader);
  return {
    signature,
    recipe,
    encoder,
    model,
    outputCount,
    ...predictors,
    parityFeatures() {
      const records = parity.rows.map((row) => recordOf(row, recipe.inputs));
      return predictors.encodeRows({ records }, 0, records.length);
    },
    async verifyParity({ signal } = {}) {
      const quick = isQuick(model);
      for (const [index, row] of parity.rows.entries()) {
        if (index > 0) await nextTurn();
        signal?.throwIfAborted();
        const records = [recordOf(row, recipe.inputs)];
        const scores = quick
          ? predictors.predictRecords(records)
          : await predictors.predictBatch({ records }, { signal });
        const wanted = parity.outputs[index] ?? [];
        // JSON has no -0, so that 0 and -0 count as equal here.
        if (scores.length !== wanted.length || scores.some((score, at) => score !== wanted[at])) {
          const bound = `must be [${wanted.join(', ')}], the trainer's output`;
          throw new BundleError(`parity.json.outputs[${index}]`, [...scores], bound);
        }
      }
    },
    dispose() {
      reader?.dispose();
      model.dispose();
    },
  };
}

function checkModel(model: BundledModel, signature: Signature, featureCount: number): void {
  const at = 'weights.safetensors';
  if (model.featureCount !== featureCount) {
    throw new BundleError(at, model.featureCount, `features must be ${featureCount}, as the recipe gives`);
  }
  if (model.task !== signature.task) {
    throw new BundleError(at, model.task, `must be ${signature.task}, as the signature says`);
  }
  const { length } = signature.classes;
  if (signature.task === 'classification' && model.classCount !== length) {
    throw new BundleError(at, model.classCount, `classes must be ${length}, as the signature says`);
  }
}

function recordOf(cells: readonly ParityCell[], inputs: readonly InputColumn[]): RecordLike {
  return { fields: Object.fromEntries(inputs.map(({ name }, index) => [name, structValue(cells[index] ?? null)])) };
}

function parityCell(cell: Cell | ParityCell): ParityCell {
  if (typeof cell === 'bigint') return String(cell);
  return cell instanceof Uint8Array || cell instanceof Float32Array ? [...cell] : cell;
}

function structValue(cell: ParityCell): StructValueLike {
  if (cell === null) return { kind: 'nullValue' };
  if (typeof cell === 'object') {
    const values = cell.map((numberValue): StructValueLike => ({ kind: 'numberValue', numberValue }));
    return { kind: 'listValue', listValue: { values } };
  }
  if (typeof cell === 'boolean') return { kind: 'boolValue', boolValue: cell };
  if (typeof cell === 'number') return { kind: 'numberValue', numberValue: cell };
  return { kind: 'stringValue', stringValue: cell };
}

function jsonFile(path: string, value: unknown): BundleFile {
  return { path, bytes: new TextEncoder().encode(JSON.stringify(value)) };
}

function fileNamed(files: readonly BundleFile[], path: string): Uint8Array {
  const file = files.find((other) => other.path === path);
  if (file === undefined) throw new BundleError(path, null, 'must be a file of the version');
  return file.bytes;
}

function jsonOf(files: readonly BundleFile[], path: string): unknown {
  const bytes = fileNamed(files, path);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new BundleError(path, bytes.length, 'bytes must be JSON in UTF-8');
  }
}
