import type { ModelFile } from '../../../native/estimators/model.js';
import type { NamedTensor } from '../../../native/safetensors.js';

/** What a file of a network is made of: each tensor's shape and the one value that fills it, and the metadata. */
export interface NetworkFileParts {
  readonly tensors: Readonly<Record<string, readonly [shape: readonly number[], value: number]>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A change to a file: tensors by name, null for one to leave out, and metadata. */
export type FileChange = [
  tensors?: Partial<Record<string, Partial<NamedTensor> | null>>,
  metadata?: Readonly<Record<string, string>>,
];

/** Such a file with a change. */
export function networkFile(parts: NetworkFileParts, ...[change = {}, metadata = {}]: FileChange): ModelFile {
  const tensors = Object.entries(parts.tensors).map(([name, [shape, value]]): NamedTensor => {
    const values = new Float32Array(shape.reduce((a, b) => a * b)).fill(value);
    return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer) };
  });
  return {
    tensors: tensors
      .filter(({ name }) => change[name] !== null)
      .map((given) => ({ ...given, ...(change[given.name] ?? {}) })),
    metadata: { ...parts.metadata, ...metadata },
  };
}
