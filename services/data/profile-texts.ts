import type { DuckDBConnection } from '@duckdb/node-api';
import { cellsSql } from './cells.js';
import type { Count, Profile } from './store.js';

const maxTopValues = 20;
/** The longest text shown among the most frequent values; a longer one ends in an ellipsis. */
const maxShownLength = 256;

/** The most frequent values of columns of `relation`, texts or booleans all, most frequent first, equals by value. */
export async function profileTexts(
  connection: DuckDBConnection,
  relation: string,
  names: readonly string[],
): Promise<Pick<Profile, 'topValues'>[]> {
  // The least of (-count, value) are kept as they come, where sorting would need room for all values.
  const reader =
    await connection.runAndReadAll(`SELECT i, unnest(min({'n': -n, 'v': v}, ${maxTopValues}), recursive := true)
    FROM (SELECT i, CAST(v AS VARCHAR) AS v, count(*) AS n FROM ${cellsSql(relation, names)}
      WHERE v IS NOT NULL GROUP BY i, v) GROUP BY i`);
  const tops = names.map((): Count[] => []);
  for (const [i, negated, value] of reader.getRows()) {
    tops[Number(i)]?.push({ value: shownText(String(value)), count: -Number(negated) });
  }
  return tops.map((topValues) => ({ topValues }));
}

function shownText(value: string): string {
  return value.length <= maxShownLength
    ? value
    : `${value.slice(0, maxShownLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
