import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric } from '../../native/metrics/metric.js';
import { readSafetensors, writeSafetensors } from '../../native/safetensors.js';
import { type FitSnapshot, openFitSnapshots, type SpentTime } from './fit-snapshots.js';

export type { SpentTime } from './fit-snapshots.js';

/** A fold that was fitted and scored. */
export interface FoldRecord {
  metrics: Metric[];
  trainRows: number;
  fitSeconds: number;
  scoreSeconds: number;
  sizeBytes: number;
  /** Rows of the table that were scored, and what was predicted for them. */
  rows: Uint32Array;
  outputs: Float32Array;
}

/** What attempts at a job keep of one fit while it runs. */
export interface KeptFit {
  /** What an earlier attempt left of it. */
  readonly snapshot: FitSnapshot | undefined;
  /** Whether there is anywhere to keep it. */
  readonly enabled: boolean;
  /** The least time between two snapshots, in milliseconds. */
  readonly intervalMs: number;
  /** Writes a snapshot, and the folds finished before it. What cannot be written is told to `onUnkept`. */
  save(snapshot: FitSnapshot): Promise<void>;
  /** The fit goes on from the snapshot, or begins anew as `refusal` says. */
  resumed(step: number, refusal: string | null): void;
}

/** What attempts at a job have finished, kept from one to the next. */
export interface Checkpoint {
  /** The fold that an earlier attempt finished under this key. */
  get(key: string): FoldRecord | undefined;
  /** Keeps a fold; it is on disk once the interval since the last write has passed. */
  put(key: string, record: FoldRecord, spent: SpentTime): Promise<void>;
  /**
   * Keeps the fit named `key` while it runs. A fold's fit has the fold's key: its snapshots go when the fold is on disk.
   * `spent` says what the search has used until then.
   */
  fit(key: string, spent: () => SpentTime): KeptFit;
  /** What earlier attempts spent. */
  readonly spent: SpentTime;
}

/** A checkpoint that keeps nothing. */
export const noCheckpoint: Checkpoint = {
  get: () => undefined,
  put: async () => undefined,
  fit: () => ({
    snapshot: undefined,
    enabled: false,
    intervalMs: 0,
    save: async () => undefined,
    resumed: () => undefined,
  }),
  spent: { elapsedMs: 0, cpuMs: 0 },
};

/** How a checkpoint is kept. */
export interface CheckpointOptions {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** The least time between two writes. */
  intervalMs: number;
  /** Told of a file that cannot be used; what it held is done again. */
  onBroken(file: string, error: unknown): void;
  /** Told of a snapshot that could not be written; the fit goes on. */
  onUnkept(key: string, error: unknown): void;
  /** Told of a fit that goes on from a step, or cannot and why. */
  onResumed(key: string, step: number, refusal: string | null): void;
}

/** The folder, in a checkpoint's own, of fits on their way. */
const fitsFolder = 'fits';

interface FileHeader {
  spent: SpentTime;
  folds: (Omit<FoldRecord, 'rows' | 'outputs'> & { key: string })[];
}

/**
 * Opens the checkpoint in `folder`. Each write is one file, `NUMBER-SHA256.safetensors`: its metadata holds the folds as
 * JSON, tensors `rows.I` and `outputs.I` belong to fold I. A file is written beside, synced and renamed, and its bytes must
 * have the digest of its name, so that what is half written or rotten is not read.
 */
export async function openCheckpoint(folder: string, options: CheckpointOptions): Promise<Checkpoint> {
  const records = new Map<string, FoldRecord>();
  const snapshots = await openFitSnapshots(join(folder, fitsFolder), options.onBroken);
  const spent: SpentTime = { ...snapshots.spent };
  await mkdir(folder, { recursive: true });
  let files = 0;
  for (const file of (await readdir(folder)).sort()) {
    if (file === fitsFolder) continue;
    const match = /^(\d{6})-([0-9a-f]{64})\.safetensors$/.exec(file);
    if (match === null) {
      await rm(join(folder, file), { force: true });
      continue;
    }
    files = Math.max(files, Number(match[1]) + 1);
    try {
      const header = read(await readFile(join(folder, file)), match[2] ?? '', records);
      spent.elapsedMs = Math.max(spent.elapsedMs, header.spent.elapsedMs);
      spent.cpuMs = Math.max(spent.cpuMs, header.spent.cpuMs);
    } catch (error) {
      options.onBroken(file, error);
      await rm(join(folder, file), { force: true });
    }
  }
  let pending: [string, FoldRecord][] = [];
  let written = options.now();

  async function flush(now: SpentTime): Promise<void> {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    written = options.now();
    await write(folder, files++, batch, now);
    for (const [key] of batch) await snapshots.remove(key);
  }

  return {
    spent,
    get: (key) => records.get(key),
    async put(key, record, now) {
      pending.push([key, record]);
      if (options.now() - written >= options.intervalMs) await flush(now);
    },
    fit: (key, spentUntilNow) => ({
      snapshot: snapshots.take(key),
      enabled: true,
      intervalMs: options.intervalMs,
      async save(snapshot) {
        try {
          await flush(spentUntilNow());
          await snapshots.write(key, snapshot, spentUntilNow());
        } catch (error) {
          options.onUnkept(key, error);
        }
      },
      resumed: (step, refusal) => options.onResumed(key, step, refusal),
    }),
  };
}

function read(bytes: Buffer, digest: string, into: Map<string, FoldRecord>): FileHeader {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== digest) throw new Error(`its digest is ${found}`);
  const { tensors, metadata } = readSafetensors(bytes);
  const header = JSON.parse(metadata.header ?? '') as FileHeader;
  const bytesOf = (name: string) => {
    const data = tensors.find((tensor) => tensor.name === name)?.data;
    if (data === undefined) throw new Error(`it has no ${name}`);
    // A Buffer's own slice would share the whole file.
    return Uint8Array.from(data).buffer;
  };
  for (const [index, { key, ...fold }] of header.folds.entries()) {
    const rows = new Uint32Array(bytesOf(`rows.${index}`));
    const outputs = new Float32Array(bytesOf(`outputs.${index}`));
    into.set(key, { ...fold, rows, outputs });
  }
  return header;
}

async function write(folder: string, number: number, batch: [string, FoldRecord][], spent: SpentTime): Promise<void> {
  const header: FileHeader = {
    spent,
    folds: batch.map(([key, { rows: _rows, outputs: _outputs, ...fold }]) => ({ key, ...fold })),
  };
  const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const bytes = writeSafetensors({
    tensors: batch.flatMap(([, { rows, outputs }], index) => [
      { name: `rows.${index}`, dtype: 'U32' as const, shape: [rows.length], data: bytesOf(rows) },
      { name: `outputs.${index}`, dtype: 'F32' as const, shape: [outputs.length], data: bytesOf(outputs) },
    ]),
    metadata: { header: JSON.stringify(header) },
  });
  const digest = createHash('sha256').update(bytes).digest('hex');
  const temp = join(folder, `${randomUUID()}.temp`);
  const file = await open(temp, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temp, join(folder, `${String(number).padStart(6, '0')}-${digest}.safetensors`));
}
