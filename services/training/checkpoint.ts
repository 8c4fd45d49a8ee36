import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric } from '../../native/metrics/metric.js';
import { readSafetensors, writeSafetensors } from '../../native/safetensors.js';

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

/** The time a job's search has used, over all its attempts. */
export interface SpentTime {
  elapsedMs: number;
  cpuMs: number;
}

/** What attempts at a job have finished, kept from one to the next. */
export interface Checkpoint {
  /** The fold that an earlier attempt finished under this key. */
  get(key: string): FoldRecord | undefined;
  /** Keeps a fold; it is on disk once the interval since the last write has passed. */
  put(key: string, record: FoldRecord, spent: SpentTime): Promise<void>;
  /** What earlier attempts spent. */
  readonly spent: SpentTime;
}

/** A checkpoint that keeps nothing. */
export const noCheckpoint: Checkpoint = {
  get: () => undefined,
  put: async () => undefined,
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
}

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
  const spent: SpentTime = { elapsedMs: 0, cpuMs: 0 };
  await mkdir(folder, { recursive: true });
  let files = 0;
  for (const file of (await readdir(folder)).sort()) {
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

  return {
    spent,
    get: (key) => records.get(key),
    async put(key, record, now) {
      pending.push([key, record]);
      if (options.now() - written < options.intervalMs) return;
      const batch = pending;
      pending = [];
      written = options.now();
      await write(folder, files++, batch, now);
    },
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
