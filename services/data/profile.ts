import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredType } from './column-type.js';
import { profileTensors } from './profile-tensors.js';
import type { Profile, TensorType } from './store.js';

const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];
const maxTopValues = 20;
/** The longest text shown among the most frequent values; a longer one ends in an ellipsis. */
const maxShownLength = 256;
// Above this the engine's estimate, which may be off by a seventh, is taken; it is well above the promised 10,000.
const exactBelow = 20_000;
// Squares of larger values overflow, so they are divided before and multiplied after.
const largestUnscaled = 1e150;

/** Profiles column `c<index>` of `relation` (SQL that we wrote) over all rows. */
export async function profileColumn(
  connection: DuckDBConnection,
  relation: string,
  { index, name, type, tensor = null }: { index: number; name: string; type: StoredType; tensor?: TensorType | null },
): Promise<Profile> {
  const c = `c${index}`;
  const first = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()[0] ?? [];
  const [absent, about] = (
    await first(`SELECT count(*) - count(${c}), approx_count_distinct(${c}) FROM ${relation}`)
  ).map(Number);
  const estimate = about ?? 0;
  const distinct =
    estimate < exactBelow ? Number((await first(`SELECT count(DISTINCT ${c}) FROM ${relation}`))[0]) : estimate;
  const profile: Profile = {
    name,
    nullCount: absent ?? 0,
    distinctCount: distinct,
    mean: 0,
    stdDev: 0,
    min: 0,
    max: 0,
    quantiles: [],
    topValues: [],
  };
  if (tensor !== null) return { ...profile, ...(await profileTensors(connection, relation, { index, tensor })) };
  if (type === 'TIMESTAMP') {
    const [min, max] = await first(`SELECT epoch_us(min(${c})), epoch_us(max(${c})) FROM ${relation}`);
    return { ...profile, min: Number(min ?? 0), max: Number(max ?? 0) };
  }
  if (type === 'STRING' || type === 'BOOLEAN') {
    const reader = await connection.runAndReadAll(`SELECT CAST(${c} AS VARCHAR) AS v, count(*) AS n FROM ${relation}
      WHERE ${c} IS NOT NULL GROUP BY ${c} ORDER BY n DESC, v LIMIT ${maxTopValues}`);
    return {
      ...profile,
      topValues: reader.getRows().map(([value, count]) => ({ value: shownText(String(value)), count: Number(count) })),
    };
  }
  const [min, max] = await first(`SELECT min(${c})::DOUBLE, max(${c})::DOUBLE FROM ${relation}`);
  if (typeof min !== 'number' || typeof max !== 'number') return profile;
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const scale = largest > largestUnscaled ? largest : 1;
  const x = scale === 1 ? `${c}::DOUBLE` : `(${c} / ${scale}::DOUBLE)`;
  const [mean, deviation, ...cuts] = await first(
    `SELECT avg(${x}), stddev_samp(${x}), ${quantiles.map((q) => `quantile_cont(${x}, ${q})`).join(', ')} FROM ${relation}`,
  );
  const back = (value: unknown) => {
    const scaled = (typeof value === 'number' ? value : 0) * scale;
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, scaled));
  };
  return { ...profile, min, max, mean: back(mean), stdDev: back(deviation), quantiles: cuts.map(back) };
}

function shownText(value: string): string {
  return value.length <= maxShownLength
    ? value
    : `${value.slice(0, maxShownLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
