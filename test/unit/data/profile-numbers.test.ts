import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openEngine } from '../../../services/data/engine.js';
import { profileColumns } from '../../../services/data/profile.js';
import { profileLongNumbers } from '../../../services/data/profile-long-numbers.js';

test('numbers have the profile that the engine gives, and exact counts', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-profile-'));
  const engine = await openEngine({ directory, memoryLimitBytes: 512 * 1024 * 1024, threads: 2 });
  t.teardown(async () => {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  });
  const { signal } = new AbortController();
  const columns = [
    ['DOUBLE', 'CASE WHEN row % 10 > 0 THEN sin(row) * row END'],
    ['INTEGER', '(row * 7919 % 150001)::BIGINT - 70000'],
    ['DOUBLE', 'NULL::DOUBLE'],
    ['STRING', "'t' || row % 12"],
    ['DOUBLE', 'round(cos(row), 2)'],
    ['INTEGER', '9007199254740993 + row * 30000000000'],
    // Enough for several batches.
    ...Array.from({ length: 20 }, (_, at): ['DOUBLE', string] => ['DOUBLE', `row / ${at + 2}`]),
  ] as const;
  const rowCount = 300_000;
  await engine.use(signal, async (connection) => {
    const selected = columns.map(([, sql], at) => `${sql} AS c${at}`).join(', ');
    await connection.run(`CREATE TEMP TABLE given AS SELECT ${selected} FROM range(${rowCount}) t(row)`);
    const profiles = await profileColumns(connection, 'given', {
      columns: columns.map(([type], index) => ({ index, name: `x${index}`, type, tensor: null })),
      rowCount,
      signal,
    });
    const names = columns.map((_, at) => `c${at}`).filter((_, at) => columns[at]?.[0] !== 'STRING');
    const counts = (
      await connection.runAndReadAll(
        `SELECT ${columns.map((_, at) => `count(DISTINCT c${at}), count(*) - count(c${at})`).join(', ')} FROM given`,
      )
    ).getRows()[0];
    const wanted = await profileLongNumbers(connection, 'given', names);
    for (const [at, profile] of profiles.entries()) {
      t.is(profile.name, `x${at}`);
      t.deepEqual([BigInt(profile.distinctCount), BigInt(profile.nullCount)], counts?.slice(2 * at, 2 * at + 2));
      if (!names.includes(`c${at}`)) continue;
      const { mean = 0, stdDev = 0, min = 0, max = 0, quantiles = [] } = wanted[names.indexOf(`c${at}`)] ?? {};
      t.deepEqual([profile.min, profile.max, profile.quantiles.length], [min, max, quantiles.length]);
      // The engine adds up large numbers less exactly.
      const far = Math.max(Math.abs(min), Math.abs(max));
      const close = (seen: number, value: number) => Math.abs(seen - value) <= 1e-10 * Math.abs(value) + 1e-12 * far;
      t.true(close(profile.mean, mean) && close(profile.stdDev, stdDev), `${at}: ${profile.mean} ${mean}`);
      t.true(profile.quantiles.every((value, q) => close(value, quantiles[q] ?? 0)));
    }
  });
});

test('a profile that is aborted ends with the reason, wherever it is', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-profile-'));
  const engine = await openEngine({ directory, memoryLimitBytes: 512 * 1024 * 1024, threads: 2 });
  const rowCount = 1_000_000;
  for (const afterMs of [0, 20, 60, 120]) {
    const control = new AbortController();
    const reason = new Error('gone');
    const work = engine.use(control.signal, async (connection) => {
      await connection.run(`CREATE TEMP TABLE given AS SELECT random() AS c0, random() AS c1 FROM range(${rowCount})`);
      setTimeout(() => control.abort(reason), afterMs);
      for (;;) {
        await profileColumns(connection, 'given', {
          columns: [0, 1].map((index) => ({ index, name: `x${index}`, type: 'DOUBLE', tensor: null })),
          rowCount,
          signal: control.signal,
        });
      }
    });
    t.is(await t.throwsAsync(work), reason);
  }
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});
