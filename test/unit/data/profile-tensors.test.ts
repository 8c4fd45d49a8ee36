import { DuckDBBlobValue, type DuckDBConnection } from '@duckdb/node-api';
import test from 'ava';
import { profileTensors } from '../../../services/data/profile-tensors.js';

test('other work runs while the tensors of many small rows are profiled', async (t) => {
  // Chunks that are there at once: only the profile itself lets other work run.
  const rowCount = 64;
  const elements = 4096;
  let read = 0;
  const chunk = {
    rowCount,
    getColumnVector: () => ({
      getItem(row: number) {
        read++;
        return new DuckDBBlobValue(new Uint8Array(elements).fill(row));
      },
    }),
  };
  const chunks: unknown[] = [chunk, null];
  const connection = { stream: async () => ({ fetchChunk: async () => chunks.shift() }) };
  const readAtTurns: number[] = [];
  let done = false;
  const watch = () => {
    readAtTurns.push(read);
    if (!done) setImmediate(watch);
  };
  setImmediate(watch);
  const tensor = { dtype: 'DATA_TYPE_UINT8' as const, shape: [elements] };
  const profile = await profileTensors(connection as unknown as DuckDBConnection, 'rows', { index: 0, tensor });
  done = true;
  t.like(profile, { mean: 31.5, min: 0, max: 63 });
  // Four times 65,536 elements.
  t.deepEqual(
    [16, 32, 48].filter((rows) => !readAtTurns.includes(rows)),
    [],
  );
});
