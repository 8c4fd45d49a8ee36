import type { Timestamp__Output } from '../../proto/gen/google/protobuf/Timestamp.js';
import type { Value__Output } from '../../proto/gen/tenon/common/v1/index.js';

/** `2026-01-31 12:00:05`, in UTC; a dash where there is none. */
export function showTime(time: Timestamp__Output | null | undefined): string {
  if (!time) return '-';
  return new Date(Number(time.seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `12.3 KiB`. */
export function showBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** Six significant digits, without trailing zeros. */
export function showNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

/** A cell of a table as text; an empty text for null. */
export function showValue(value: Value__Output | null | undefined): string {
  switch (value?.kind) {
    case 'boolValue':
      return String(value.boolValue);
    case 'integerValue':
      return String(value.integerValue);
    case 'doubleValue':
      return showNumber(value.doubleValue ?? Number.NaN);
    case 'stringValue':
      return value.stringValue ?? '';
    case 'timestampValue':
      return showTime(value.timestampValue);
    default:
      return '';
  }
}

/** `datasets/penguins` from `penguins` or `datasets/penguins`. */
export function nameIn(collection: string, id: string): string {
  return id.startsWith(`${collection}/`) ? id : `${collection}/${id}`;
}
