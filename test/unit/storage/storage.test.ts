import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openBlobStore } from '../../../services/mesh/storage/blob-store.js';
import { openDatabase } from '../../../services/mesh/storage/database.js';
import { idempotencyMigration, once } from '../../../services/mesh/storage/idempotency.js';

async function tempDir(t: { teardown(work: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-storage-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function* chunksOf(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const counter = { version: 2, name: 'counter', sql: ['CREATE TABLE counter (value INTEGER NOT NULL) STRICT'] };
const migrations = [idempotencyMigration(1), counter];

test('a committed transaction is there after reopening, a failed one leaves nothing', async (t) => {
  const path = join(await tempDir(t), 'a.db');
  const database = await openDatabase(path, migrations);
  await database.transaction((tx) => tx.run('INSERT INTO counter VALUES (?)', [1]));
  const failed = database.transaction(async (tx) => {
    await tx.run('INSERT INTO counter VALUES (?)', [2]);
    throw new Error('no');
  });
  await t.throwsAsync(failed, { message: 'no' });
  await database.close();
  const again = await openDatabase(path, migrations);
  t.deepEqual(await again.all('SELECT value FROM counter'), [{ value: 1 }]);
  t.deepEqual(await again.get<{ synchronous: number }>('PRAGMA synchronous'), { synchronous: 2 });
  await again.close();
});

test('transactions started together run one after the other, and a read between sees only what is committed', async (t) => {
  const database = await openDatabase(join(await tempDir(t), 'a.db'), migrations);
  await database.run('INSERT INTO counter VALUES (0)');
  const read = () => database.get<{ value: number }>('SELECT value FROM counter');
  await Promise.all(
    Array.from({ length: 20 }, () =>
      database.transaction(async (tx) => {
        const before = await tx.get<{ value: number }>('SELECT value FROM counter');
        await tx.run('UPDATE counter SET value = ?', [(before?.value ?? 0) + 1]);
        t.deepEqual(await read(), before);
      }),
    ),
  );
  t.deepEqual(await read(), { value: 20 });
  await database.close();
});

test('a schema newer than this release is refused by name', async (t) => {
  const path = join(await tempDir(t), 'a.db');
  await (await openDatabase(path, migrations)).close();
  await t.throwsAsync(openDatabase(path, [idempotencyMigration(1)]), { name: 'NewerSchemaError' });
});

test('a repeated request id returns the first response, and another request with it is refused', async (t) => {
  const database = await openDatabase(join(await tempDir(t), 'a.db'), migrations);
  let runs = 0;
  const call = (request: unknown) =>
    database.transaction((tx) => once(tx, { method: 'M', requestId: 'r', request }, async () => ({ run: ++runs })));
  t.deepEqual(await call({ a: 1, b: 2 }), { run: 1 });
  t.deepEqual(await call({ b: 2, a: 1 }), { run: 1 });
  await t.throwsAsync(call({ a: 2 }), { message: /request_id/ });
  t.is(runs, 1);
  await database.close();
});

test('requests with NaN and infinities are told apart, each from every other', async (t) => {
  const database = await openDatabase(join(await tempDir(t), 'a.db'), migrations);
  const call = (requestId: string, request: unknown) =>
    database.transaction((tx) => once(tx, { method: 'M', requestId, request }, async () => ({ requestId })));
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const requestId = `${value}`;
    t.deepEqual(await call(requestId, { value }), { requestId });
    t.deepEqual(await call(requestId, { value }), { requestId });
    for (const other of [null, 0, requestId]) {
      await t.throwsAsync(call(requestId, { value: other }), { message: /request_id/ });
    }
  }
  await database.close();
});

test('a blob is named by its content, and a rotten one is not handed out whole', async (t) => {
  const dir = await tempDir(t);
  const blobs = await openBlobStore(dir);
  const { sha256, sizeBytes } = await blobs.put(chunksOf('hello ', 'world'), { maxBytes: 100 });
  t.is(sha256, 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9');
  t.is(sizeBytes, 11);
  t.is(await blobs.size(sha256), 11);
  const read = async () => {
    const parts: Buffer[] = [];
    for await (const part of blobs.read(sha256, { chunkBytes: 4 })) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  t.is(await read(), 'hello world');
  await writeFile(blobs.path(sha256), 'hello worlD');
  t.like(await t.throwsAsync(read()), { reason: 'DIGEST_MISMATCH' });
  await blobs.put(chunksOf('hello world'), { maxBytes: 100 });
  t.is(await readFile(blobs.path(sha256), 'utf8'), 'hello world');
  t.true(await blobs.delete(sha256));
  t.false(await blobs.has(sha256));
});

test('a refused or interrupted blob leaves no file, and leftovers go at the next open', async (t) => {
  const dir = await tempDir(t);
  const blobs = await openBlobStore(dir);
  t.like(await t.throwsAsync(blobs.put(chunksOf('12345'), { maxBytes: 4 })), { reason: 'QUOTA_EXCEEDED' });
  const wrong = blobs.put(chunksOf('1'), { maxBytes: 4, expectedSha256: '0'.repeat(64) });
  t.like(await t.throwsAsync(wrong), { reason: 'INVALID_FIELD' });
  await t.throwsAsync(blobs.put(chunksOf('1'), { maxBytes: 4, signal: AbortSignal.abort() }), { any: true });
  t.deepEqual(await readdir(join(dir, 'temp')), []);
  await writeFile(join(dir, 'temp', 'left'), 'half');
  await openBlobStore(dir);
  t.deepEqual(await readdir(join(dir, 'temp')), []);
  t.throws(() => blobs.path('../../etc/passwd'), { instanceOf: RangeError });
});
