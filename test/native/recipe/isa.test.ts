import test from 'ava';
import { isas } from '../../../native/isa.js';
import { runChild } from '../child.js';

test('recipes have the same bits on every instruction set of this processor and at any number of threads', async (t) => {
  const runs = isas()
    .filter(({ supported }) => supported)
    .map(({ name }) => ({ name, threads: '2' }));
  for (const threads of ['1', '3', '5']) runs.push({ name: 'scalar', threads });
  let first: string | null = null;
  for (const { name, threads } of runs) {
    const { code, stdout, stderr } = await runChild('recipe/digests.js', {
      args: [threads],
      env: { TENON_FORCE_ISA: name },
    });
    t.is(code, 0, stderr);
    t.is(stdout.trim().split('\n').length, 3);
    first ??= stdout;
    t.is(stdout, first, `${name}, ${threads} threads`);
  }
});
