import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type {
  DatasetVersion__Output,
  UploadDatasetHeader,
  UploadDatasetRequest,
} from '../../../proto/gen/tenon/data/v1/index.js';
import { dataDefinition } from '../../../services/data/definition.js';
import { TenonError } from '../../../services/mesh/errors.js';
import type { Reason } from '../../../services/mesh/reasons.js';
import type { Clients } from '../../../services/mesh/rpc/clients.js';
import { createClients } from '../../../services/mesh/rpc/clients.js';
import { startService } from '../../../services/mesh/server/run-service.js';

/** Every call's options; generous, because the machine may be busy. */
export const soon = { deadlineMs: 60_000 };

/** A data service in this process with clients of it. */
export interface DataService extends Pick<Clients, 'datasets' | 'recipes'> {
  /** The folder of its state. */
  directory: string;
  stop(): Promise<void>;
}

/** Starts a data service; in a new folder, or in that of an earlier one. Stopped and removed with the test. */
export async function startData(
  t: ExecutionContext,
  { directory, argv = [] }: { directory?: string; argv?: string[] } = {},
): Promise<DataService> {
  const folder = directory ?? (await mkdtemp(join(tmpdir(), 'tenon-data-')));
  const service = await startService({
    ...dataDefinition,
    argv: ['--service.address=127.0.0.1:0', `--data-dir=${folder}`, '--log.level=error', ...argv],
    env: {},
  });
  const clients = createClients({ targets: { data: service.address } });
  const stop = async () => {
    await clients.close();
    await service.stop();
  };
  t.teardown(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { datasets: clients.datasets, recipes: clients.recipes, directory: folder, stop };
}

/** The messages of an upload, in small pieces. */
export async function* parts(
  header: UploadDatasetHeader,
  file: string | Buffer,
  pieceBytes = 65_536,
): AsyncGenerator<UploadDatasetRequest> {
  yield { header };
  const bytes = Buffer.from(file as string);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield { chunk: bytes.subarray(at, at + pieceBytes) };
}

/** Uploads a file as a dataset version. */
export function upload(
  service: DataService,
  file: string | Buffer,
  header: UploadDatasetHeader = {},
): Promise<DatasetVersion__Output> {
  return service.datasets.uploadDataset(parts({ dataset: 'datasets/d', ...header }, file), soon);
}

/** Asserts that the call fails with the reason; returns the error. */
export async function fails(t: ExecutionContext, reason: Reason, call: Promise<unknown>): Promise<TenonError> {
  const error = await t.throwsAsync(call, { instanceOf: TenonError });
  t.is(error?.reason, reason, error?.message);
  return error ?? new TenonError({ reason, message: '' });
}

/** Everything a stream gives. */
export async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
