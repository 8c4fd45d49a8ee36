import test from 'ava';
import { isas } from '../../../native/isa.js';
import { runChild } from '../child.js';

test('every instruction set of this processor trains the same models and predicts the same bits', async (t) => {
  const outputs = new Map<string, string>();
  for (const { name, supported } of isas()) {
    if (!supported) continue;
    const { code, stdout, stderr } = await runChild('learn/digests.js', { env: { TENON_FORCE_ISA: name } });
    t.is(code, 0, stderr);
    t.is(stdout.trim().split('\n').length, 25, name);
    outputs.set(name, stdout);
  }
  t.true(outputs.has('scalar'));
  for (const [name, output] of outputs) t.is(output, outputs.get('scalar') ?? '', name);
});
