/** The types a stored column of single values can have; proto's `COLUMN_TYPE_…` without the prefix. */
export type ScalarType = 'BOOLEAN' | 'INTEGER' | 'DOUBLE' | 'STRING' | 'TIMESTAMP';

/** The types a stored column can have. */
export type StoredType = ScalarType | 'TENSOR';

const number = '([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?';
const canonicalNumber = '((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?';
const isoTime =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?';

/**
 * SQL that is true where the text `c` is a value of the type and reading it as such loses
 * nothing: `001` is no integer, an integer beyond ±2^53 no double, a seventh decimal of a
 * second no timestamp. Null and false both mean no.
 */
export function fitsSql(type: ScalarType, c: string): string {
  switch (type) {
    case 'BOOLEAN':
      return `lower(${c}) IN ('true', 'false')`;
    case 'INTEGER':
      return `TRY_CAST(${c} AS BIGINT)::VARCHAR = trim(${c})`;
    case 'DOUBLE':
      return guardedSql(`regexp_full_match(${c}, '\\s*[+-]?${canonicalNumber}\\s*')`, exactDoubleSql(c));
    case 'TIMESTAMP':
      return guardedSql(`regexp_full_match(${c}, '${isoTime}')`, `TRY_CAST(${c} AS TIMESTAMPTZ) IS NOT NULL`);
    case 'STRING':
      return `${c} IS NOT NULL`;
  }
}

/** As `fitsSql`, for a type the caller asked for: leading zeros are then digits like any other. */
export function acceptsSql(type: ScalarType, c: string): string {
  if (type === 'INTEGER') {
    return guardedSql(`regexp_full_match(${c}, '\\s*[+-]?[0-9]+\\s*')`, `TRY_CAST(${c} AS BIGINT) IS NOT NULL`);
  }
  if (type === 'DOUBLE') return guardedSql(`regexp_full_match(${c}, '\\s*[+-]?${number}\\s*')`, exactDoubleSql(c));
  return fitsSql(type, c);
}

/** SQL that reads a text which fits as the type; times without an offset are UTC. */
export function readSql(type: ScalarType, c: string): string {
  switch (type) {
    case 'BOOLEAN':
      return `lower(${c}) = 'true'`;
    case 'INTEGER':
      return `CAST(${c} AS BIGINT)`;
    case 'DOUBLE':
      return `CAST(${c} AS DOUBLE)`;
    case 'TIMESTAMP':
      return `CAST(${c} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`;
    case 'STRING':
      return c;
  }
}

function exactDoubleSql(c: string): string {
  const value = `TRY_CAST(${c} AS DOUBLE)`;
  return `isfinite(${value}) AND (abs(${value}) <= 9007199254740992 OR regexp_matches(${c}, '[.eE]'))`;
}

/** SQL for `check` where `guard` is true, null elsewhere. With AND the engine would check every value, which costs most where it fails. */
function guardedSql(guard: string, check: string): string {
  return `CASE WHEN ${guard} THEN ${check} END`;
}
