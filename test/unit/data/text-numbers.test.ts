import test from 'ava';
import { textNumbers } from '../../../services/data/text-numbers.js';

test('texts are numbered in order of appearance, however their hashes fall', (t) => {
  for (const hashOf of [
    (at: number) => Math.imul(at, 0x9e37_79b1),
    () => 7,
    (at: number) => at % 3,
    (at: number) => at << 20,
  ]) {
    const numbers = textNumbers();
    for (let time = 0; time < 2; time++) {
      for (let at = 0; at < 5_000; at++) {
        const bytes = Buffer.from(`?text ${at}`);
        if (numbers.numberOf(hashOf(at), bytes, 1, bytes.length - 1) !== at) t.fail(`text ${at}`);
      }
    }
    t.is(numbers.count(), 5_000);
    t.is(numbers.textOf(4_999), 'text 4999');
    t.is(numbers.lengthOf(4_999), 9);
  }
});
