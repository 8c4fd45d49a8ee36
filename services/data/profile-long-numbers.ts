import { type DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';
import { levels } from './profile-numbers.js';
import { aggregates } from './raw-table.js';
import type { Profile } from './store.js';

// Squares of larger values overflow, so they are divided before and multiplied after.
const largestUnscaled = 1e150;

/** As `profileNumbers`, without counts, by the engine, whose memory is bounded; nothing for a column of nulls. */
export async function profileLongNumbers(
  connection: DuckDBConnection,
  relation: string,
  names: readonly string[],
): Promise<Partial<Profile>[]> {
  const ranges = await aggregates(
    connection,
    relation,
    names.map((c) => [`min(${c})::DOUBLE`, `max(${c})::DOUBLE`]),
  );
  const scales = ranges.map(([min, max]) => {
    const largest = Math.max(Math.abs(Number(min ?? 0)), Math.abs(Number(max ?? 0)));
    return largest > largestUnscaled ? largest : 1;
  });
  const moments = await aggregates(
    connection,
    relation,
    names.map((c, at) => {
      const scale = scales[at] ?? 1;
      const x = scale === 1 ? `${c}::DOUBLE` : `(${c} / ${scale}::DOUBLE)`;
      return [`avg(${x})`, `stddev_samp(${x})`, `quantile_cont(${x}, [${levels.join(', ')}])`];
    }),
  );
  return ranges.map(([min, max], at) => {
    if (typeof min !== 'number' || typeof max !== 'number') return {};
    const back = (value: unknown) => {
      const scaled = (typeof value === 'number' ? value : 0) * (scales[at] ?? 1);
      return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, scaled));
    };
    const [mean, deviation, cuts] = moments[at] ?? [];
    const quantiles = cuts instanceof DuckDBListValue ? cuts.items.map(back) : [];
    return { min, max, mean: back(mean), stdDev: back(deviation), quantiles };
  });
}
