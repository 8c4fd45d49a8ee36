import { InvalidArgumentError, Option } from 'commander';
import type { JobLimits } from '../../proto/gen/tenon/training/v1/index.js';
import { wholeNumber } from './numbers.js';

/** What flags say of how long a job may take, and what it may use. */
export interface LimitFlags {
  timeout?: number;
  memory?: number;
  threads?: number;
}

function quantity(text: string, units: Readonly<Record<string, number>>, example: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([A-Za-z]*)$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  const value = match === null || unit === undefined ? Number.NaN : Math.round(Number(match[1]) * unit);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`${JSON.stringify(text)} must be above 0, like ${example}.`);
}

const milliseconds = (text: string) => quantity(text, { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }, '90s, 15m or 2h');
const bytes = (text: string) =>
  quantity(text, { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 }, '512MiB or 2GiB');

/** The flags of a job's limits. */
export function limitOptions(): Option[] {
  return [
    new Option('--timeout <duration>', 'the longest the job takes in all, like 90s, 15m or 2h').argParser(milliseconds),
    new Option('--memory <bytes>', 'the most memory the job may need by its estimate, like 2GiB').argParser(bytes),
    new Option('--threads <count>', 'the most threads that fit and score (default: one per processor)').argParser(
      wholeNumber(1, 256),
    ),
  ];
}

/** The limits as the contract spells them; null where no flag says anything. */
export function limitsOf({ timeout, memory, threads }: LimitFlags): JobLimits | null {
  if (timeout === undefined && memory === undefined && threads === undefined) return null;
  return {
    scheduleToCloseTimeout:
      timeout === undefined ? null : { seconds: Math.floor(timeout / 1_000), nanos: (timeout % 1_000) * 1e6 },
    maxMemoryBytes: memory ?? 0,
    maxThreads: threads ?? 0,
  };
}
