/** An argument a native face refuses: which one, what it was, what it must be. */
export class ArgumentError extends RangeError {
  override readonly name = 'ArgumentError';
  readonly code = 'INVALID_ARGUMENT';

  constructor(
    /** The argument's name, such as `rows` or `a`. */
    readonly field: string,
    /** The value seen, in words. */
    readonly seen: string,
    /** What it must be, in words that continue "must be". */
    readonly bound: string,
  ) {
    super(`${field} ${seen} must be ${bound}`);
  }
}

/** Refuses anything but an integer from low to high. */
export function checkInteger(field: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number') throw new ArgumentError(field, describe(value), 'a number');
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new ArgumentError(field, String(value), `an integer from ${low} to ${high}`);
  }
}

/** Refuses anything but a finite number from low to high. */
export function checkNumber(field: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number') throw new ArgumentError(field, describe(value), 'a number');
  if (!(value >= low && value <= high) || !Number.isFinite(Math.fround(value))) {
    throw new ArgumentError(field, String(value), `from ${low} to ${high} and finite in single precision`);
  }
}

interface ArrayKinds {
  Float32Array: Float32Array;
  Float64Array: Float64Array;
  Int8Array: Int8Array;
  Int32Array: Int32Array;
  Uint32Array: Uint32Array;
  Uint8Array: Uint8Array;
}

// Taken before anyone can put another getter in front of them.
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get;
const isResizable = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable')?.get;

/**
 * Refuses anything but a typed array of the named kind and, if given, length; also one over shared
 * or resizable memory, which another thread could change or take away.
 */
export function checkArray<Kind extends keyof ArrayKinds>(
  field: string,
  value: ArrayKinds[Kind],
  kind: Kind,
  length?: number,
): void {
  const seen: unknown = typeof value === 'object' && value !== null ? typedArrayName?.call(value) : undefined;
  if (seen !== kind) throw new ArgumentError(field, describe(value), `a ${kind}`);
  const buffer: unknown = value.buffer;
  if (!(buffer instanceof ArrayBuffer)) {
    throw new ArgumentError(field, 'over a SharedArrayBuffer', 'over an ArrayBuffer of its own');
  }
  if (isResizable?.call(buffer) === true) {
    throw new ArgumentError(field, 'over a resizable ArrayBuffer', 'over one of fixed length');
  }
  if (length !== undefined && value.length !== length) {
    throw new ArgumentError(field, `of length ${value.length}`, `of length ${length}`);
  }
}

/** rows x columns, refused beyond what an array can hold. */
export function checkShape(rowsField: string, rows: number, columnsField: string, columns: number, low = 0): number {
  checkInteger(rowsField, rows, 0, Number.MAX_SAFE_INTEGER);
  checkInteger(columnsField, columns, low, Number.MAX_SAFE_INTEGER);
  const size = rows * columns;
  if (!Number.isSafeInteger(size)) {
    throw new ArgumentError(
      `${rowsField} x ${columnsField}`,
      `${rows} x ${columns}`,
      `at most ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  return size;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return `(${Object.prototype.toString.call(value).slice(8, -1)})`;
  return `(${typeof value})`;
}
