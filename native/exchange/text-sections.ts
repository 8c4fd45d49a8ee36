import { unparsable } from './exchange-error.js';

const numberText = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$/;

/** Lines of `key=value` of any origin; every read names what must be there. */
export class TextSection {
  private readonly lines = new Map<string, string>();

  constructor(
    /** Names the section in errors; empty for the header. */
    readonly at: string,
    lines: Iterable<string>,
  ) {
    for (const line of lines) {
      const equals = line.indexOf('=');
      if (equals < 0) this.lines.set(line, '');
      else this.lines.set(line.slice(0, equals), line.slice(equals + 1));
    }
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  private path(key: string): string {
    return this.at === '' ? key : `${this.at}.${key}`;
  }

  text(key: string): string {
    const text = this.lines.get(key);
    if (text === undefined) throw unparsable(this.path(key), null, 'must be there');
    return text;
  }

  /** A whole number within bounds. */
  integer(key: string, low: number, high: number): number {
    const text = this.text(key);
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw unparsable(this.path(key), text, `must be a whole number from ${low} to ${high}`);
  }

  /** As many numbers, divided by spaces; with `infinite` also `inf`, otherwise finite ones. */
  numbers(key: string, count: number, { infinite = false } = {}): number[] {
    const text = this.text(key).trim();
    const parts = text === '' ? [] : text.split(' ');
    if (parts.length !== count) throw unparsable(this.path(key), parts.length, `numbers must be ${count}`);
    return parts.map((part, index) => {
      const value = numberText.test(part) ? Number(part) : Number.NaN;
      if (Number.isFinite(value)) return value;
      if (infinite && (part === 'inf' || part === '-inf'))
        return part === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      throw unparsable(`${this.path(key)}[${index}]`, part, 'must be a finite number');
    });
  }
}

/**
 * The header of a LightGBM model and its trees, up to the line that ends them. Throws ExchangeError where it is not
 * there, as in a file that was cut short.
 */
export function textSections(text: string): TextSection[] {
  const sections: TextSection[] = [];
  let lines: string[] = [];
  let at = '';
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const isEnd = line === 'end of trees';
    if (!isEnd && !line.startsWith('Tree=')) {
      if (line !== '') lines.push(line);
      continue;
    }
    sections.push(new TextSection(at, lines));
    if (isEnd) return sections;
    lines = [];
    at = `Tree=${sections.length - 1}`;
  }
  throw unparsable('end of trees', null, 'must be a line of the file: it was cut short');
}
