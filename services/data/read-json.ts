import type { DuckDBConnection } from '@duckdb/node-api';
import { batchesOf } from './cells.js';
import { checkColumnNames } from './column-names.js';
import { fitsSql, readSql, type ScalarType } from './column-type.js';
import { emptyTable, unparsableFile } from './errors.js';
import { maxRowBytes } from './limits.js';
import { numberFrom, type RawColumn, type RawTable, type ReadOptions } from './raw-table.js';
import { literal } from './sql.js';

/**
 * Reads a JSON array of objects, or objects one after the other. A member that an object
 * lacks is null. A column of mixed kinds is text; one that holds arrays or objects is
 * refused. Throws UNPARSABLE_FILE and EMPTY_TABLE.
 */
export async function readJson(
  { connection, path, maxColumns }: ReadOptions,
  { array }: { array: boolean },
): Promise<RawTable> {
  try {
    await connection.run(`CREATE TEMP TABLE objects AS SELECT json FROM read_json_objects(${literal(path)},
      format = '${array ? 'array' : 'unstructured'}', maximum_object_size = ${maxRowBytes}, compression = 'uncompressed')`);
  } catch (error) {
    throw malformed(error) ?? error;
  }
  const rowCount = await numberFrom(connection, 'SELECT count(*) FROM objects');
  if (rowCount === 0) throw emptyTable('no objects');
  const large = await numberFrom(
    connection,
    `SELECT coalesce(min(rowid) + 1, 0) FROM objects WHERE strlen(json) > ${maxRowBytes}`,
  );
  if (large > 0) throw tooLarge(large);
  const other = await connection.runAndReadAll(
    "SELECT rowid, json_type(json) FROM objects WHERE json_type(json) <> 'OBJECT' ORDER BY rowid LIMIT 1",
  );
  const [wrong] = other.getRows();
  if (wrong !== undefined) {
    const message = `${String(wrong[1]).toLowerCase()} found, expected an object`;
    throw unparsableFile([{ line: Number(wrong[0]) + 1, column: '', message }]);
  }
  const keys = await connection.runAndReadAll(`SELECT key FROM
    (SELECT row, unnest(keys) AS key, generate_subscripts(keys, 1) AS position
     FROM (SELECT rowid AS row, json_keys(json) AS keys FROM objects))
    GROUP BY key ORDER BY min(row), arg_min(position, row) LIMIT ${maxColumns + 1}`);
  const names = keys.getRows().map(([key]) => String(key));
  if (names.length === 0) throw emptyTable('objects without members');
  checkColumnNames(names, 1, maxColumns);
  const twice = await numberFrom(
    connection,
    'SELECT coalesce(min(rowid) + 1, 0) FROM objects WHERE len(json_keys(json)) <> len(list_distinct(json_keys(json)))',
  );
  if (twice > 0) throw unparsableFile([{ line: twice, column: '', message: 'an object names a member twice' }]);

  const pointers = names.map((name) => literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  // Each list is one reading of the objects; one for each column would need memory for all of them.
  const batches = batchesOf(pointers.map((pointer, index) => ({ pointer, index })));
  const lists = batches.map((batch, at) => {
    const paths = `[${batch.map(({ pointer }) => pointer).join(', ')}]`;
    return `json_extract_string(json, ${paths}) AS texts${at}, json_type(json, ${paths}) AS kinds${at}`;
  });
  const values = batches.flatMap((batch, at) =>
    batch.map(({ index }, k) => `texts${at}[${k + 1}] AS c${index}, kinds${at}[${k + 1}] AS k${index}`),
  );
  await connection.run(
    `CREATE TEMP TABLE raw AS SELECT ${values.join(', ')} FROM (SELECT ${lists.join(', ')} FROM objects)`,
  );
  await connection.run('DROP TABLE objects');
  const columns: RawColumn[] = [];
  for (const batch of batchesOf(names.map((name, index) => ({ name, index })))) {
    const found = await kindsOf(
      connection,
      batch.map(({ index }) => index),
    );
    for (const [at, { name, index }] of batch.entries()) {
      const { kinds, nested, fitting } = found.get(at) ?? { kinds: new Set<string>(), nested: null, fitting: null };
      if (nested !== null) {
        const message = 'an array or object, expected a value';
        throw unparsableFile([{ line: nested + 1, column: name, message }]);
      }
      const type = fitting === null ? 'STRING' : typeOf(kinds, fitting);
      columns.push({ name, type, value: readSql(type, `c${index}`), text: `c${index}` });
    }
  }
  return { columns, badRowCount: 0, issues: [], kind: 'TABLE' };
}

interface Kinds {
  /** The engine's names of the kinds of JSON value that occur. */
  kinds: Set<string>;
  /** The first row that holds an array or object. */
  nested: number | null;
  /** Whether all values are of the type. */
  fitting: Fitting;
}

interface Fitting {
  integer: boolean;
  double: boolean;
  timestamp: boolean;
}

/** What the columns `c<index>` of `raw` hold besides nulls, by position in `indexes`; nothing for a column of nulls. */
async function kindsOf(connection: DuckDBConnection, indexes: readonly number[]): Promise<Map<number, Kinds>> {
  const listed = (prefix: string) => `unnest([${indexes.map((index) => `${prefix}${index}`).join(', ')}])`;
  const misfits = (['INTEGER', 'DOUBLE', 'TIMESTAMP'] as const).map(
    (type) => `count(*) FILTER (WHERE NOT coalesce(${fitsSql(type, 'v')}, false))`,
  );
  const reader = await connection.runAndReadAll(`SELECT i, list(DISTINCT k),
      min(row) FILTER (WHERE k IN ('ARRAY', 'OBJECT')), ${misfits.join(', ')}
    FROM (SELECT rowid AS row, unnest(range(${indexes.length})) AS i, ${listed('c')} AS v, ${listed('k')} AS k FROM raw)
    WHERE v IS NOT NULL GROUP BY i`);
  return new Map(
    reader.getRowsJson().map(([i, kinds, nested, integer, double, timestamp]) => [
      Number(i),
      {
        kinds: new Set(kinds as string[]),
        nested: nested === null ? null : Number(nested),
        fitting: { integer: integer === '0', double: double === '0', timestamp: timestamp === '0' },
      },
    ]),
  );
}

function typeOf(kinds: Set<string>, fits: Fitting): ScalarType {
  const only = (...allowed: string[]) => kinds.size > 0 && [...kinds].every((kind) => allowed.includes(kind));
  if (only('BOOLEAN')) return 'BOOLEAN';
  if (only('BIGINT', 'UBIGINT') && fits.integer) return 'INTEGER';
  if (only('BIGINT', 'UBIGINT', 'DOUBLE') && fits.double) return 'DOUBLE';
  if (only('VARCHAR') && fits.timestamp) return 'TIMESTAMP';
  return 'STRING';
}

/** The place in the engine's message, without the rest of it, which names files of ours. */
function malformed(error: unknown): Error | null {
  const text = error instanceof Error ? error.message : '';
  const place = /at byte [0-9]+ in (?:line|record\/value) ([0-9]+)/.exec(text);
  if (place !== null) {
    // The engine counts one on before it reads.
    const position = Math.max(1, Number(place[1]) - 1);
    const message = `malformed JSON at or before value ${position}`;
    return unparsableFile([{ line: position, column: '', message }]);
  }
  if (/maximum_object_size/.test(text)) {
    return tooLarge(0);
  }
  return /^(Invalid Input|IO) Error/.test(text)
    ? unparsableFile([{ line: 0, column: '', message: 'the file is no JSON' }])
    : null;
}

function tooLarge(line: number): Error {
  return unparsableFile([{ line, column: '', message: `an object of more than ${maxRowBytes} bytes` }]);
}
