import { unparsable } from './exchange-error.js';

/** A value of parsed JSON of any origin together with its place; every read names what must be there. */
export class JsonReader {
  constructor(
    readonly value: unknown,
    readonly at: string,
  ) {}

  private get object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw unparsable(this.at, value, 'must be an object');
  }

  /** Whether there is such a key. */
  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  /** What a key holds. */
  get(key: string): JsonReader {
    const at = this.at === '' ? key : `${this.at}.${key}`;
    if (!this.has(key)) throw unparsable(at, null, 'must be there');
    return new JsonReader(this.object[key], at);
  }

  /** The elements of an array. */
  items(): JsonReader[] {
    const { value } = this;
    if (!Array.isArray(value)) throw unparsable(this.at, value, 'must be an array');
    return value.map((item, index) => new JsonReader(item, `${this.at}[${index}]`));
  }

  text(): string {
    if (typeof this.value === 'string') return this.value;
    throw unparsable(this.at, this.value, 'must be text');
  }

  /** A whole number, as JSON or as text, within bounds. */
  integer(low: number, high: number): number {
    const { value } = this;
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (Number.isInteger(number) && (number as number) >= low && (number as number) <= high) return number as number;
    throw unparsable(this.at, value, `must be a whole number from ${low} to ${high}`);
  }

  /** Numbers, booleans among them as 0 and 1; of that length where one is given. */
  numbers(length?: number): number[] {
    const { value } = this;
    if (!Array.isArray(value)) throw unparsable(this.at, value, 'must be an array');
    if (length !== undefined && value.length !== length) {
      throw unparsable(this.at, value.length, `elements must be ${length}`);
    }
    return value.map((element: unknown, index) => {
      if (typeof element === 'number') return element;
      if (typeof element === 'boolean') return element ? 1 : 0;
      throw unparsable(`${this.at}[${index}]`, element, 'must be a number');
    });
  }
}
