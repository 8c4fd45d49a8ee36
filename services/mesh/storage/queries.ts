/** What can be bound to a `?`. Integers must be safe integers. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Statements against one database; `params` fill the `?` in order. */
export interface Queries {
  all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
  get<T>(sql: string, params?: readonly SqlValue[]): Promise<T | undefined>;
  run(sql: string, params?: readonly SqlValue[]): Promise<{ changes: number }>;
}
