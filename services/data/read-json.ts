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
  const texts = pointers.map((pointer, index) => `json_extract_string(json, ${pointer}) AS c${index}`);
  const kinds = pointers.map((pointer, index) => `json_type(json, ${pointer}) AS k${index}`);
  await connection.run(`CREATE TEMP TABLE raw AS SELECT ${[...texts, ...kinds].join(', ')} FROM objects`);
  await connection.run('DROP TABLE objects');
  const columns: RawColumn[] = [];
  for (const [index, name] of names.entries()) {
    const c = `c${index}`;
    const reader = await connection.runAndReadAll(
      `SELECT list(DISTINCT k${index}), ${(['INTEGER', 'DOUBLE', 'TIMESTAMP'] as const)
        .map((type) => `count(*) FILTER (WHERE NOT coalesce(${fitsSql(type, c)}, false))`)
        .join(', ')}, min(rowid) FILTER (WHERE k${index} IN ('ARRAY', 'OBJECT'))
      FROM raw WHERE ${c} IS NOT NULL`,
    );
    const [row = []] = reader.getRowsJson();
    const nested = row[4] ?? null;
    if (nested !== null) {
      throw unparsableFile([
        { line: Number(nested) + 1, column: name, message: 'an array or object, expected a value' },
      ]);
    }
    const found = new Set((row[0] as string[] | null) ?? []);
    const type = typeOf(found, { integer: row[1] === '0', double: row[2] === '0', timestamp: row[3] === '0' });
    columns.push({ name, type, value: readSql(type, c), text: c });
  }
  return { columns, badRowCount: 0, issues: [], linesOf: async (rows) => rows.map((row) => row + 1) };
}

function typeOf(kinds: Set<string>, fits: { integer: boolean; double: boolean; timestamp: boolean }): ScalarType {
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
