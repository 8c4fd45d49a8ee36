import { createHash } from 'node:crypto';
import type { BundledModel, BundleFile } from '../../../native/bundle/bundle.js';
import { writeBundle } from '../../../native/bundle/bundle.js';
import { signatureOf } from '../../../native/bundle/signature.js';
import type { SignatureMessage } from '../../../native/bundle/signature-message.js';
import { signatureMessage } from '../../../native/bundle/signature-message.js';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import type { TensorFile } from '../../../native/safetensors.js';
import { tableFromRows } from '../../../native/table/from-rows.js';
import type { ColumnType } from '../../../native/table/table.js';
import type { ModelVersion__Output, WatchModelResponse__Output } from '../../../proto/gen/tenon/registry/v1/index.js';
import { notFound, TenonError } from '../../../services/mesh/errors.js';
import type { RegistryReader } from '../../../services/serving/registry-reader.js';
import { createSignal } from '../../../services/serving/signal.js';

/** Counts the models that were loaded and not disposed. */
export const liveModels = { count: 0 };

/** A model in a few lines: class 0 gets the mean feature plus a shift, the others share the rest. */
export function smallModel(shape: { task: string; classCount: number; featureCount: number; shift: number }) {
  const { task, classCount, featureCount, shift } = shape;
  const outputs = task === 'classification' ? classCount : 1;
  const model: BundledModel & { disposed: boolean } = {
    task,
    classCount,
    featureCount,
    disposed: false,
    predictSync({ data, rowCount, columnCount }) {
      if (model.disposed) throw new Error('used after it was disposed');
      const scores = new Float32Array(rowCount * outputs);
      for (let row = 0; row < rowCount; row++) {
        let sum = shift;
        for (let column = 0; column < columnCount; column++) sum += data[row * columnCount + column] ?? 0;
        if (outputs === 1) scores[row] = sum;
        else {
          const share = 1 / (1 + Math.exp(-sum));
          scores.fill((1 - share) / (outputs - 1), row * outputs, (row + 1) * outputs);
          scores[row * outputs] = share;
        }
      }
      return scores;
    },
    async predict(matrix, { signal }) {
      signal?.throwIfAborted();
      return model.predictSync(matrix);
    },
    toTensors: () => ({
      tensors: [{ name: 'shift', dtype: 'F32', shape: [1], data: new Uint8Array(Float32Array.of(shift).buffer) }],
      metadata: { task, classCount: `${classCount}`, featureCount: `${featureCount}` },
    }),
    dispose() {
      if (model.disposed) throw new Error('disposed twice');
      model.disposed = true;
      liveModels.count--;
    },
  };
  liveModels.count++;
  return model;
}

/** Reads what `smallModel` wrote. */
export function loadSmallModel({ tensors, metadata }: TensorFile): BundledModel {
  const data = tensors[0]?.data ?? new Uint8Array(4);
  return smallModel({
    task: metadata.task ?? '',
    classCount: Number(metadata.classCount),
    featureCount: Number(metadata.featureCount),
    shift: new DataView(data.buffer, data.byteOffset).getFloat32(0, true),
  });
}

const columns = [
  { name: 'bill_length_mm', type: 'double' },
  { name: 'island', type: 'string' },
] as const;
const rows = [
  [39.1, 'Torgersen'],
  [46.5, 'Biscoe'],
  [50, 'Dream'],
];

/** The files of a version over `bill_length_mm` and `island`. */
export function bundleOf(options: BundleOptions = {}): BundleFile[] {
  return bundleWithSignature(options).files;
}

/** What may differ between the versions of these tests. */
export interface BundleOptions {
  classes?: string[];
  type?: ColumnType;
  shift?: number;
}

const recipe = await fitRecipe(
  [
    { kind: 'oneHot', columns: ['island'], unknown: 'error', maxCategories: 10 },
    { kind: 'minMax', columns: ['bill_length_mm'], lower: 0, upper: 1 },
  ],
  tableFromRows(columns, rows),
  { inputs: ['bill_length_mm', 'island'] },
);

/** The files of a version and its signature as it is registered. */
export function bundleWithSignature({
  classes = ['Adelie', 'Gentoo', 'Chinstrap'],
  type = 'string' as ColumnType,
  shift = 0,
}: BundleOptions = {}): { files: BundleFile[]; signature: SignatureMessage } {
  const task = classes.length > 0 ? ('classification' as const) : ('regression' as const);
  const target = { name: 'species', type };
  const signature = signatureOf(recipe.data, { target, task, classes, acceptsMissing: false });
  const shape = { task, classCount: classes.length, featureCount: recipe.featureNames.length, shift };
  const model = smallModel(shape);
  const files = writeBundle({ model, recipe, signature, parityRows: rows });
  model.dispose();
  return { files, signature: signatureMessage(signature, recipe.data) };
}

/** A registry in memory that can be switched off. */
export function stubRegistry() {
  const versions = new Map<string, ModelVersion__Output>();
  const artifacts = new Map<string, Uint8Array>();
  const aliases = new Map<string, string>();
  const changed = createSignal();
  const state = { up: true, downloads: 0, watches: 0 };

  function reachable(): void {
    if (!state.up) throw new TenonError({ reason: 'DEPENDENCY_UNAVAILABLE', message: 'the registry is away' });
  }

  const registry: RegistryReader = {
    async getModelVersion({ name = '' }) {
      reachable();
      const [model, alias] = name.split('/versions/@');
      const version = versions.get(alias === undefined ? name : (aliases.get(`${model}/${alias}`) ?? ''));
      if (version === undefined) throw notFound(name);
      return version;
    },
    async *watchModel({ name = '' }, { signal = new AbortController().signal }) {
      state.watches++;
      for (;;) {
        reachable();
        const own = [...aliases].filter(([key]) => key.startsWith(`${name}/`));
        const named = Object.fromEntries(own.map(([key, version]) => [key.slice(name.length + 1), version]));
        yield { model: { aliases: named } } as unknown as WatchModelResponse__Output;
        await changed.next(signal);
      }
    },
    async *downloadArtifact({ name = '' }) {
      reachable();
      state.downloads++;
      const bytes = artifacts.get(name);
      if (bytes === undefined) throw notFound(name);
      for (let at = 0; at < bytes.length; at += 100) yield { chunk: Buffer.from(bytes.subarray(at, at + 100)) };
    },
  };

  return {
    registry,
    state,
    artifacts,
    /** Registers a version; returns its name. */
    add(name: string, files: readonly BundleFile[]): string {
      const listed = files.map(({ path, bytes }) => {
        const artifact = `artifacts/${createHash('sha256').update(bytes).digest('hex')}`;
        artifacts.set(artifact, bytes);
        return { path, artifact, sizeBytes: bytes.length };
      });
      const { signature } = bundleWithSignature();
      versions.set(name, { name, signature, files: listed } as unknown as ModelVersion__Output);
      return name;
    },
    point(model: string, alias: string, version: string): void {
      aliases.set(`${model}/${alias}`, version);
      changed.notify();
    },
    /** Takes the registry away, ending its streams, or brings it back. */
    setUp(up: boolean): void {
      state.up = up;
      changed.notify();
    },
  };
}

/** Waits until `check` holds, at most 20 seconds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('waited 20 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
