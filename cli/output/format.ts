import type { Timestamp__Output } from '../../proto/gen/google/protobuf/Timestamp.js';
import type { TensorType__Output, Value__Output } from '../../proto/gen/tenon/common/v1/index.js';

/** `2026-01-31 12:00:05Z`, to the second; a dash where there is none. */
export function showTime(time: Timestamp__Output | null | undefined): string {
  return time ? showMilliseconds(Number(time.seconds) * 1000) : '-';
}

/** A time in milliseconds since 1970 as `2026-01-31 12:00:05Z`. */
export function showMilliseconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
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

/** A metric or probability: four decimals, which line up; what is very large or small in five significant digits. */
export function showMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size === 0 || (size >= 0.001 && size < 1_000) ? value.toFixed(4) : String(Number(value.toPrecision(5)));
}

/** `26.1 µs`, `4.3 ms`, `12.8 s`, `3 min 20 s`. */
export function showSeconds(seconds: number): string {
  if (seconds < 1e-4) return `${(seconds * 1e6).toFixed(1)} µs`;
  if (seconds < 1) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `uint8 [28, 28]`. */
export function showTensorType({ dtype, shape }: TensorType__Output): string {
  return `${showEnum(dtype, 'DATA_TYPE')} [${shape.join(', ')}]`;
}

/** A cell of a table as text, a tensor as its type; an empty text for null. */
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
    case 'tensorValue':
      return value.tensorValue ? showTensorType(value.tensorValue) : '';
    default:
      return '';
  }
}

/** An enum value for people: `STATE_SUCCEEDED` → `succeeded`. */
export function showEnum(value: string, prefix: string): string {
  return value.replace(`${prefix}_`, '').toLowerCase().replaceAll('_', ' ');
}

/** `datasets/penguins` from `penguins` or `datasets/penguins`. */
export function nameIn(collection: string, id: string): string {
  return id.startsWith(`${collection}/`) ? id : `${collection}/${id}`;
}

/** `penguins/versions/1` from `datasets/penguins/versions/1`. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
