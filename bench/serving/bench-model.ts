import type { BundledModel } from '../../native/bundle/bundle.js';
import type { TensorFile } from '../../native/safetensors.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { bundleWithSignature, loadSmallModel } from '../../test/unit/serving/fixture.js';

/** Reads the model that is served here: a few additions, so that the way to it is what is measured. */
export function loadBenchModel(file: TensorFile): BundledModel {
  return loadSmallModel(file);
}

/** Publishes it and returns the version's name. */
export async function publishBenchModel(registry: Clients['registry']): Promise<string> {
  const soon = { deadlineMs: 30_000 };
  const { files, signature } = bundleWithSignature();
  await registry.createModel({ model: { name: 'models/bench' } }, soon);
  const listed = [];
  for (const { path, bytes } of files) {
    const parts = (async function* () {
      yield { chunk: Buffer.from(bytes) };
    })();
    const { name, sizeBytes } = await registry.uploadArtifact(parts, soon);
    listed.push({ path, artifact: name, sizeBytes });
  }
  const { name } = await registry.createModelVersion(
    { parent: 'models/bench', version: { signature, files: listed } },
    soon,
  );
  return name;
}
