import test from 'ava';
import { type ChildResult, runChild } from '../child.js';

function abuse(scenario: string): Promise<ChildResult> {
  return runChild('addon/abuse.js', { args: [scenario], nodeArgs: ['--expose-gc'] });
}

for (const scenario of [
  'junk arguments',
  'methods on foreign objects',
  'transfer of the source during work',
  'disposal and collection during work',
  'collection without disposal',
  'collection and writing of shared rows during a fit',
  'resizable, shared and detached arrays',
  'sizes beyond memory',
  'a listener that throws',
  'a control used twice',
  'termination of workers during work',
]) {
  test(`the process survives ${scenario}`, async (t) => {
    const { code, signal, stdout, stderr } = await abuse(scenario);
    t.is(signal, null, stderr);
    t.is(code, 0, stderr);
    t.is(stdout, 'ok\n');
  });
}

test('process.exit during native work ends with its own code, never by a signal', async (t) => {
  const { code, signal } = await abuse('exit during work');
  t.is(signal, null);
  t.is(code, 7);
});

test('an uncaught exception during native work ends as it would without', async (t) => {
  const { code, signal, stderr } = await abuse('an uncaught exception during work');
  t.is(signal, null);
  t.is(code, 1);
  t.regex(stderr, /uncaught on purpose/);
});

test('native work under way keeps the process alive until it is done', async (t) => {
  const { code, stdout } = await abuse('the end of the script during work');
  t.is(code, 0);
  t.is(stdout, 'ok\nfinished\n');
});
