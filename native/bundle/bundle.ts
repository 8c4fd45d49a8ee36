import type { FittedRecipe } from '../recipe/fitted-recipe.js';
import { fittedRecipeFromJSON } from '../recipe/fitted-recipe-from-json.js';
import type { RowEncoder } from '../recipe/row-encoder.js';
import { compileRowEncoder } from '../recipe/row-encoder.js';
import type { StructValueLike } from '../recipe/row-values.js';
import type { NamedTensor, TensorFile } from '../safetensors.js';
import { readSafetensors, writeSafetensors } from '../safetensors.js';
import type { Matrix } from '../table/matrix.js';
import type { Cell } from '../table/table.js';
import { shownValue } from '../table/table-error.js';
import type { Signature } from './signature.js';
import { signatureOf } from './signature.js';

/** What a bundle needs of a trained model. */
export interface BundledModel {
  readonly task: string;
  readonly classCount: number;
  readonly featureCount: number;
  predict(matrix: Matrix, options: { signal?: AbortSignal }): Promise<Float32Array>;
  predictSync(matrix: Matrix): Float32Array;
  toTensors(): { tensors: readonly NamedTensor[]; metadata: Readonly<Record<string, string>> };
  dispose(): void;
}

/** A file of a model version. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A bundle that cannot be used: the file and place, the value seen and the bound. */
export class BundleError extends Error {
  readonly field: string;
  constructor(field: string, seen: unknown, bound: string) {
    super(`${field}: ${shownValue(seen)} ${bound}`);
    this.name = 'BundleError';
    this.field = field;
  }
}

/** A model that scores raw rows. */
export interface ScoringModel {
  readonly signature: Signature;
  readonly recipe: FittedRecipe;
  readonly encoder: RowEncoder;
  readonly model: BundledModel;
  /** Scores the parity rows again. Throws BundleError unless every output has the trainer's bits. */
  verifyParity(): void;
  dispose(): void;
}

const maxParityRows = 20;

/**
 * The files of a model version. `parityRows` holds up to 20 raw rows in input order, which
 * are scored here; a row that a prediction would refuse throws RecipeError.
 */
export function writeBundle(parts: {
  model: BundledModel;
  recipe: FittedRecipe;
  signature: Signature;
  parityRows: readonly (readonly Cell[])[];
}): BundleFile[] {
  const { model, recipe, signature } = parts;
  const encoder = compileRowEncoder(recipe.data, signature);
  const rows = parts.parityRows
    .slice(0, maxParityRows)
    .map((row) => row.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell)));
  const outputs = rows.map((row) => [...scoreCells(row, recipe, encoder, model)]);
  return [
    { path: 'weights.safetensors', bytes: writeSafetensors(model.toTensors()) },
    jsonFile('recipe.json', recipe.toJSON()),
    jsonFile('signature.json', signature),
    jsonFile('parity.json', { formatVersion: 1, rows, outputs }),
  ];
}

/**
 * Reads a bundle of any origin. `loadModel` builds the model from its tensors. Throws
 * BundleError, SafetensorsError or RecipeError when a file is missing, of another layout,
 * or does not fit the others.
 */
export function readBundle(files: readonly BundleFile[], loadModel: (file: TensorFile) => BundledModel): ScoringModel {
  const recipe = fittedRecipeFromJSON(jsonOf(files, 'recipe.json'));
  const signature = jsonOf(files, 'signature.json') as Signature;
  checkSignature(signature, recipe);
  const parity = jsonOf(files, 'parity.json') as { formatVersion?: unknown; rows?: unknown; outputs?: unknown };
  if (parity?.formatVersion !== 1)
    throw new BundleError('parity.json.formatVersion', parity?.formatVersion, 'must be 1');
  const { rows, outputs } = parity;
  if (
    !Array.isArray(rows) ||
    !Array.isArray(outputs) ||
    rows.length !== outputs.length ||
    rows.length > maxParityRows
  ) {
    throw new BundleError('parity.json', null, `must hold equally many rows and outputs, at most ${maxParityRows}`);
  }
  const encoder = compileRowEncoder(recipe.data, signature);
  const model = loadModel(readSafetensors(fileNamed(files, 'weights.safetensors')));
  try {
    if (model.featureCount !== encoder.featureCount) {
      throw new BundleError(
        'weights.safetensors',
        model.featureCount,
        `features must be ${encoder.featureCount}, as the recipe gives`,
      );
    }
    if (model.task !== signature.task)
      throw new BundleError('weights.safetensors', model.task, `must be ${signature.task}, as the signature says`);
    if (signature.task === 'classification' && model.classCount !== signature.classes.length) {
      throw new BundleError(
        'signature.json.classes',
        signature.classes.length,
        `must be ${model.classCount}, as the model has`,
      );
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
  return {
    signature,
    recipe,
    encoder,
    model,
    dispose: () => model.dispose(),
    verifyParity() {
      for (const [index, cells] of rows.entries()) {
        const scores = scoreCells(cells as Cell[], recipe, encoder, model);
        const wanted = outputs[index] as unknown;
        if (
          !Array.isArray(wanted) ||
          wanted.length !== scores.length ||
          scores.some((score, at) => !Object.is(score, wanted[at]))
        ) {
          throw new BundleError(
            `parity.json.rows[${index}]`,
            [...scores],
            `must give ${shownValue(wanted)}, the trainer's output`,
          );
        }
      }
    },
  };
}

function checkSignature(signature: Signature, recipe: FittedRecipe): void {
  const { formatVersion, target, task, classes, acceptsMissing } = signature ?? {};
  if (formatVersion !== 1) throw new BundleError('signature.json.formatVersion', formatVersion, 'must be 1');
  if (task !== 'classification' && task !== 'regression')
    throw new BundleError('signature.json.task', task, 'must be classification or regression');
  if (
    !Array.isArray(classes) ||
    !classes.every((name) => typeof name === 'string') ||
    new Set(classes).size !== classes.length
  ) {
    throw new BundleError('signature.json.classes', classes, 'must be an array of unique texts');
  }
  if (typeof target?.name !== 'string' || !['boolean', 'integer', 'double', 'string'].includes(target.type)) {
    throw new BundleError('signature.json.target', target, 'must have a name and a type');
  }
  if (typeof acceptsMissing !== 'boolean')
    throw new BundleError('signature.json.acceptsMissing', acceptsMissing, 'must be true or false');
  const expected = JSON.stringify(signatureOf(recipe.data, signature).inputs);
  if (JSON.stringify(signature.inputs) !== expected)
    throw new BundleError('signature.json.inputs', signature.inputs, `must be ${expected}, as the recipe says`);
}

function scoreCells(
  cells: readonly Cell[],
  recipe: FittedRecipe,
  encoder: RowEncoder,
  model: BundledModel,
): Float32Array {
  const record = Object.fromEntries(recipe.inputs.map(({ name }, index) => [name, structValue(cells[index])]));
  const data = new Float32Array(encoder.featureCount);
  encoder.encodeRecord(record, 0, data, 0);
  return model.predictSync({ data, rowCount: 1, columnCount: encoder.featureCount });
}

function structValue(cell: Cell | undefined): StructValueLike {
  if (cell === null) return { kind: 'nullValue' };
  if (typeof cell === 'boolean') return { kind: 'boolValue', boolValue: cell };
  if (typeof cell === 'number') return { kind: 'numberValue', numberValue: cell };
  return { kind: 'stringValue', stringValue: String(cell) };
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
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fileNamed(files, path)));
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError(path, null, 'must be JSON in UTF-8');
  }
}
