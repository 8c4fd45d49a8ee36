/** The most columns that one query takes: planning it takes time quadratic in them. */
export const maxQueryColumns = 64;

/** Columns in batches of `size`, by default of as many as one query should take. */
export function batchesOf<Column>(columns: readonly Column[], size = maxQueryColumns): Column[][] {
  const batches: Column[][] = [];
  for (let from = 0; from < columns.length; from += size) batches.push(columns.slice(from, from + size));
  return batches;
}

/**
 * SQL for the cells of a batch of columns, one per row: `i`, the column's position in `values`, and `v`, its value.
 * A query over them is planned, and its patterns compiled, once for all columns. `values` is SQL over `relation`, all of
 * one type; both are SQL that we wrote.
 */
export function cellsSql(relation: string, values: readonly string[]): string {
  if (values.length === 1) return `(SELECT 0 AS i, ${values[0]} AS v FROM ${relation})`;
  return `(SELECT unnest(range(${values.length})) AS i, unnest([${values.join(', ')}]) AS v FROM ${relation})`;
}
