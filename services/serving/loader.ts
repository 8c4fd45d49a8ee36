import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BundledModel, BundleFile, ScoringModel } from '../../native/bundle/bundle.js';
import { bundlePaths, readBundle } from '../../native/bundle/bundle.js';
import { isQuick } from '../../native/bundle/scoring-model.js';
import type { SignatureMessage } from '../../native/bundle/signature-message.js';
import { signatureMessage } from '../../native/bundle/signature-message.js';
import type { TensorFile } from '../../native/safetensors.js';
import type { Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type { ModelVersion__Output } from '../../proto/gen/tenon/registry/v1/index.js';
import { TenonError } from '../mesh/errors.js';
import { parseName } from '../mesh/resource/name.js';
import type { BlobStore } from '../mesh/storage/blob-store.js';
import type { PredictionEncoder } from './encoded-predictions.js';
import { encodedPredictionsOf } from './encoded-predictions.js';
import { isPassing, loadFailure, notLoadable } from './errors.js';
import { createExplanations, type Explanations } from './explanations.js';
import { maxJsonBytes, registryDeadlineMs, warmUpMs, warmUpPredictions } from './limits.js';
import type { MemoryBudget } from './memory-budget.js';
import type { RegistryReader } from './registry-reader.js';
import type { Scorer } from './scorer.js';
import { createScorer } from './scorer.js';
import type { VersionFile, VersionManifest } from './store.js';

/** A version in memory, verified and warm. */
export interface LoadedVersion {
  readonly manifest: VersionManifest;
  readonly scorer: Scorer;
  readonly encodePredictions: PredictionEncoder;
  readonly explanations: Explanations;
  readonly model: ScoringModel;
  /** Frees the model and its share of the memory budget. */
  dispose(): void;
}

/** Loads versions. */
export interface Loader {
  /**
   * Fetches what is not in the cache, verifies, and warms up. `remembered` helps where the
   * registry cannot be reached. Throws TenonError: RESOURCE_NOT_FOUND, MODEL_NOT_LOADABLE,
   * DIGEST_MISMATCH, QUOTA_EXCEEDED, or a passing reason of the registry.
   */
  load(version: string, options: { remembered: VersionManifest | null; signal: AbortSignal }): Promise<LoadedVersion>;
}

/** What a loader stands on. */
export interface LoaderParts {
  registry: RegistryReader;
  /** The local cache of artifacts. */
  blobs: BlobStore;
  budget: MemoryBudget;
  loadModel: (file: TensorFile) => BundledModel;
  /** How long one load may take, in milliseconds. */
  timeoutMs: number;
}

/** A file becomes a buffer and then a model of about the same size. */
const memoryPerFileByte = 2;

/** A loader over the registry and a cache. */
export function createLoader({ registry, blobs, budget, loadModel, timeoutMs }: LoaderParts): Loader {
  async function manifestOf(version: string, remembered: VersionManifest | null, signal: AbortSignal) {
    try {
      const found = await registry.getModelVersion({ name: version }, { deadlineMs: registryDeadlineMs, signal });
      return manifestFrom(found);
    } catch (error) {
      if (remembered?.version === version && isPassing(error) && !signal.aborted) return remembered;
      throw error;
    }
  }

  async function download({ path, sha256, sizeBytes }: VersionFile, signal: AbortSignal): Promise<void> {
    const parts = registry.downloadArtifact({ name: `artifacts/${sha256}` }, { deadlineMs: timeoutMs, signal });
    try {
      await blobs.put(chunksOf(parts), { expectedSha256: sha256, maxBytes: sizeBytes, signal });
    } catch (error) {
      // The registry's bytes, not a caller's field, are what is wrong here.
      if (error instanceof TenonError && error.facts.field === 'sha256') throw damaged(path, sha256, error);
      throw error;
    }
  }

  async function bytesOf(file: VersionFile, signal: AbortSignal): Promise<Buffer> {
    const cached = (await blobs.size(file.sha256)) === file.sizeBytes;
    if (!cached) await download(file, signal);
    try {
      return await readWhole(blobs, file, signal);
    } catch (error) {
      if (!cached || !(error instanceof TenonError && error.reason === 'DIGEST_MISMATCH')) throw error;
      // What rotted in the cache is still whole in the registry.
      await download(file, signal);
      return readWhole(blobs, file, signal);
    }
  }

  /** Whatever a reader of models has against its tensors is the version's fault. */
  function modelOf(version: string, file: TensorFile): BundledModel {
    try {
      return loadModel(file);
    } catch (error) {
      throw error instanceof Error ? notLoadable(version, `weights.safetensors: ${error.message}`, error) : error;
    }
  }

  return {
    async load(version, options) {
      const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
      let release: () => void = () => undefined;
      let scoring: ScoringModel | null = null;
      try {
        const manifest = await manifestOf(version, options.remembered, signal);
        const total = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        release = budget.reserve(total * memoryPerFileByte, version);
        const files: BundleFile[] = [];
        for (const file of manifest.files) files.push({ path: file.path, bytes: await bytesOf(file, signal) });
        signal.throwIfAborted();
        scoring = readBundle(files, (file) => modelOf(version, file));
        const model = scoring;
        checkSignature(manifest, model);
        await model.verifyParity({ signal });
        await warmUp(model, signal);
        const giveBack = release;
        const explanations = createExplanations(model, (bytes) => budget.reserve(bytes, `explaining ${version}`));
        return {
          manifest,
          scorer: createScorer(model),
          encodePredictions: encodedPredictionsOf(model, manifest.version),
          explanations,
          model,
          dispose() {
            explanations.dispose();
            model.dispose();
            giveBack();
          },
        };
      } catch (error) {
        scoring?.dispose();
        release();
        options.signal.throwIfAborted();
        if (signal.aborted) throw timedOut(version, timeoutMs, error);
        throw loadFailure(version, error);
      }
    },
  };
}

/** The files to fetch of a version. Throws MODEL_NOT_LOADABLE where one is missing or has no possible size. */
export function manifestFrom({ name, signature, files }: ModelVersion__Output): VersionManifest {
  if (signature === null) throw notLoadable(name, 'it has no signature');
  const needed = bundlePaths.map((path): VersionFile => {
    const file = files.find((other) => other.path === path);
    if (file === undefined) throw notLoadable(name, `it has no file ${path}`);
    const { sha256 } = parseName('artifacts/{sha256}', file.artifact, `files[${files.indexOf(file)}].artifact`);
    const { sizeBytes } = file;
    const max = path.endsWith('.json') ? maxJsonBytes : Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > max) {
      throw notLoadable(name, `the size of ${path} is ${sizeBytes} bytes, must be 1 to ${max}`);
    }
    return { path, sha256, sizeBytes };
  });
  return { version: name, signature, files: needed };
}

/** Throws MODEL_NOT_LOADABLE unless the registered signature says what the bundle's does. */
function checkSignature({ version, signature }: VersionManifest, { signature: own, recipe }: ScoringModel): void {
  const registered = essence(signature);
  const bundled = essence(signatureMessage(own, recipe.data));
  if (registered !== bundled) {
    throw notLoadable(version, `its registered signature ${registered} must be ${bundled}, as its files say`);
  }
}

/** What two signatures of one model must share: names, types, shapes, task and classes, in order. */
function essence({ inputs, target, task, classes }: Signature__Output | SignatureMessage): string {
  const columns = [...(inputs?.columns ?? []), ...(target === null ? [] : [target])];
  return JSON.stringify([
    columns.map(({ name, type, tensor }) => [name, type, tensor ? [tensor.dtype, tensor.shape] : null]),
    task,
    classes,
  ]);
}

async function* chunksOf(parts: AsyncIterable<{ chunk: Uint8Array }>): AsyncGenerator<Uint8Array> {
  for await (const { chunk } of parts) yield chunk;
}

async function readWhole(blobs: BlobStore, file: VersionFile, signal: AbortSignal): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(file.sizeBytes);
  let at = 0;
  for await (const chunk of blobs.read(file.sha256, { chunkBytes: 1024 * 1024, signal })) {
    if (at + chunk.length > whole.length) throw damaged(file.path, file.sha256, null);
    whole.set(chunk, at);
    at += chunk.length;
  }
  if (at !== whole.length) throw damaged(file.path, file.sha256, null);
  return whole;
}

/** Runs the model as callers will, so that neither compilation nor first touches of memory meet them. */
async function warmUp({ model }: ScoringModel, signal: AbortSignal): Promise<void> {
  const columnCount = model.featureCount;
  const one = { data: new Float32Array(columnCount), rowCount: 1, columnCount };
  const end = performance.now() + warmUpMs;
  // What is slow is scored on native threads alone.
  for (let index = 0; isQuick(model) && index < warmUpPredictions && performance.now() < end; index++) {
    signal.throwIfAborted();
    model.predictSync(one);
  }
  await nextTurn();
  signal.throwIfAborted();
  await model.predict({ data: new Float32Array(columnCount * 2), rowCount: 2, columnCount }, { signal });
}

function damaged(path: string, sha256: string, cause: unknown): TenonError {
  return new TenonError({
    reason: 'DIGEST_MISMATCH',
    message: `the bytes of ${path} do not match artifacts/${sha256} or its size`,
    facts: { path, sha256 },
    cause,
  });
}

function timedOut(version: string, timeoutMs: number, cause: unknown): TenonError {
  return new TenonError({
    reason: 'DEADLINE_EXCEEDED',
    message: `loading ${version} took longer than serving.load-timeout, ${timeoutMs} ms`,
    facts: { version, timeoutMs, option: 'serving.load-timeout' },
    cause,
  });
}
