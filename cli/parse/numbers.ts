import { InvalidArgumentError } from 'commander';

/** What a number of the command line must be. */
interface Bounds {
  min: number;
  max: number;
}

function inBounds(text: string, { min, max }: Bounds, kind: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (
    !Number.isFinite(value) ||
    value < min ||
    value > max ||
    (kind === 'a whole number' && !Number.isInteger(value))
  ) {
    throw new InvalidArgumentError(`${JSON.stringify(text)} must be ${kind} from ${min} to ${max}.`);
  }
  return value;
}

/** A parser of whole numbers within bounds, both included. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => inBounds(text, { min, max }, 'a whole number');
}

/** A parser of numbers within bounds, both included. */
export function number(min: number, max: number): (text: string) => number {
  return (text) => inBounds(text, { min, max }, 'a number');
}
