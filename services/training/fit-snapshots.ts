import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotChunkBytes } from './limits.js';

/** The time a job's search has used, over all its attempts. */
export interface SpentTime {
  elapsedMs: number;
  cpuMs: number;
}

/** A fit on its way, as native/estimators/fit.ts hands it over, and the time it has taken. */
export interface FitSnapshot {
  bytes: Uint8Array;
  step: number;
  fitSeconds: number;
}

/** Snapshots of fits on disk: of each fit the newest. */
export interface FitSnapshots {
  /** What earlier attempts spent. */
  readonly spent: SpentTime;
  /** What an earlier attempt left of the fit named `key`; no more than once, as it can be large. */
  take(key: string): FitSnapshot | undefined;
  /** Writes a snapshot and removes the one before it. One call at a time. */
  write(key: string, snapshot: FitSnapshot, spent: SpentTime): Promise<void>;
  /** Removes what is kept of the fit named `key`. */
  remove(key: string): Promise<void>;
}

const header = { elapsedMs: 0, cpuMs: 8, fitSeconds: 16, bytes: 24 } as const;
const namePattern = /^([0-9a-f]{16})-(\d{1,16})-([0-9a-f]{64})\.snapshot$/;

/** A file's name begins with this. */
const nameOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 16);

/**
 * Opens the snapshots in `folder`, which need not exist. Each is one file, `FIT-STEP-SHA256.snapshot`: three doubles
 * (`elapsedMs`, `cpuMs`, `fitSeconds`), then the fit's own bytes. It is written beside, synced and renamed, and its bytes
 * must have the digest of its name, so that what is half written or rotten is not read. `onBroken` hears of such a file.
 */
export async function openFitSnapshots(
  folder: string,
  onBroken: (file: string, error: unknown) => void,
): Promise<FitSnapshots> {
  const spent: SpentTime = { elapsedMs: 0, cpuMs: 0 };
  const left = new Map<string, FitSnapshot>();
  const files = new Map<string, string>();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const known = names.map((file) => ({ file, match: namePattern.exec(file) }));
  // The latest step first; the others are behind it.
  known.sort((a, b) => Number(b.match?.[2] ?? 0) - Number(a.match?.[2] ?? 0));
  for (const { file, match } of known) {
    const [, fit = '', step = '', digest = ''] = match ?? [];
    if (match !== null && !left.has(fit)) {
      try {
        const read = await readSnapshot(join(folder, file), digest);
        left.set(fit, { bytes: read.bytes, step: Number(step), fitSeconds: read.fitSeconds });
        files.set(fit, file);
        spent.elapsedMs = Math.max(spent.elapsedMs, read.elapsedMs);
        spent.cpuMs = Math.max(spent.cpuMs, read.cpuMs);
        continue;
      } catch (error) {
        onBroken(file, error);
      }
    }
    await rm(join(folder, file), { force: true });
  }

  async function remove(fit: string): Promise<void> {
    const file = files.get(fit);
    files.delete(fit);
    if (file !== undefined) await rm(join(folder, file), { force: true });
  }

  return {
    spent,
    take(key) {
      const snapshot = left.get(nameOf(key));
      left.delete(nameOf(key));
      return snapshot;
    },
    async write(key, snapshot, now) {
      const fit = nameOf(key);
      await mkdir(folder, { recursive: true });
      const digest = await writeSnapshot(folder, fit, snapshot, now);
      const file = `${fit}-${snapshot.step}-${digest}.snapshot`;
      if (files.get(fit) !== file) await remove(fit);
      files.set(fit, file);
    },
    remove: (key) => remove(nameOf(key)),
  };
}

async function readSnapshot(path: string, digest: string): Promise<SpentTime & Omit<FitSnapshot, 'step'>> {
  const file = await readFile(path);
  const found = createHash('sha256').update(file).digest('hex');
  if (found !== digest) throw new Error(`its digest is ${found}`);
  if (file.length < header.bytes) throw new Error(`it has ${file.length} bytes, must have at least ${header.bytes}`);
  return {
    elapsedMs: file.readDoubleLE(header.elapsedMs),
    cpuMs: file.readDoubleLE(header.cpuMs),
    fitSeconds: file.readDoubleLE(header.fitSeconds),
    bytes: file.subarray(header.bytes),
  };
}

/** Writes the file in pieces, so that nothing else waits long, and returns its digest. */
async function writeSnapshot(
  folder: string,
  fit: string,
  { bytes, step, fitSeconds }: FitSnapshot,
  { elapsedMs, cpuMs }: SpentTime,
): Promise<string> {
  const first = Buffer.alloc(header.bytes);
  first.writeDoubleLE(elapsedMs, header.elapsedMs);
  first.writeDoubleLE(cpuMs, header.cpuMs);
  first.writeDoubleLE(fitSeconds, header.fitSeconds);
  const temp = join(folder, `${randomUUID()}.temp`);
  try {
    const hash = createHash('sha256').update(first);
    const file = await open(temp, 'wx');
    try {
      await file.writeFile(first);
      for (let at = 0; at < bytes.length; at += snapshotChunkBytes) {
        const piece = bytes.subarray(at, at + snapshotChunkBytes);
        hash.update(piece);
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const digest = hash.digest('hex');
    await rename(temp, join(folder, `${fit}-${step}-${digest}.snapshot`));
    return digest;
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}
