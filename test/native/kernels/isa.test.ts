import test from 'ava';
import { addon } from '../../../native/addon.js';
import { activeIsa, isas } from '../../../native/isa.js';
import { runChild } from '../child.js';
import { kernelCases } from './cases.js';

interface Probe {
  isa: string;
  digests: Record<string, string>;
}

async function probe(isa: string, threads: number): Promise<Probe> {
  const env = { TENON_FORCE_ISA: isa, TENON_NATIVE_THREADS: String(threads) };
  const { code, signal, stdout, stderr } = await runChild('kernels/probe.js', { env });
  if (code !== 0) throw new Error(`probe of ${isa} ended with ${code ?? signal}: ${stderr}`);
  return JSON.parse(stdout) as Probe;
}

let reference: Promise<Probe> | null = null;
const scalar = () => {
  reference ??= probe('scalar', 1);
  return reference;
};

test('every kernel of kernels.inc has cases', (t) => {
  t.deepEqual(Object.keys(kernelCases).sort(), addon.kernelNames().sort());
});

test('scalar comes last and runs anywhere', (t) => {
  const last = isas().at(-1);
  t.is(last?.name, 'scalar');
  t.true(last?.supported);
});

for (const isa of isas()) {
  if (!isa.supported || isa.name === 'scalar') continue;
  test(`every kernel gives the same bits on ${isa.name} as on scalar`, async (t) => {
    const [expected, seen] = await Promise.all([scalar(), probe(isa.name, 1)]);
    t.is(expected.isa, 'scalar');
    t.is(seen.isa, isa.name);
    t.deepEqual(seen.digests, expected.digests);
  });
}

test('every kernel gives the same bits on five threads as on one', async (t) => {
  const [one, five] = await Promise.all([probe(activeIsa(), 1), probe(activeIsa(), 5)]);
  t.deepEqual(five.digests, one.digests);
});

test('TENON_FORCE_ISA with an unknown name refuses to load and lists the known ones', async (t) => {
  const { code, signal, stderr } = await runChild('kernels/probe.js', { env: { TENON_FORCE_ISA: 'sse9' } });
  t.is(signal, null);
  t.is(code, 1);
  t.regex(stderr, /TENON_FORCE_ISA "sse9" must be one of .*scalar/);
});

for (const threads of ['0', '257', 'two', '1.5', '']) {
  test(`TENON_NATIVE_THREADS "${threads}" refuses to load and names the bound`, async (t) => {
    const { code, stderr } = await runChild('kernels/probe.js', { env: { TENON_NATIVE_THREADS: threads } });
    t.is(code, 1);
    t.true(stderr.includes(`TENON_NATIVE_THREADS "${threads}" must be an integer from 1 to 256`), stderr);
  });
}
