import test from 'ava';
import fc from 'fast-check';
import type { ServerCall } from '../../services/mesh/rpc/server-call.js';
import { OpenCalls } from '../../services/mesh/server/open-calls.js';

const callNamed = (id: number) => ({ id }) as unknown as ServerCall;

test('the open calls are those that were added and not taken out, in any order of both', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (steps) => {
      const open = new OpenCalls();
      const expected = new Map<ServerCall, () => void>();
      for (const [id, step] of steps.entries()) {
        const keys = [...expected.keys()];
        // Of three steps one takes a call out.
        const leaving = step % 3 === 0 ? keys[step % Math.max(1, keys.length)] : undefined;
        if (leaving === undefined) {
          const call = callNamed(id);
          expected.set(call, open.add(call));
        } else {
          expected.get(leaving)?.();
          expected.delete(leaving);
        }
        const found = [...open];
        if (found.length !== expected.size || !found.every((call) => expected.has(call)))
          throw new Error('other calls');
      }
    }),
    { seed: 20_260_305 },
  );
  t.pass();
});

test('taking a call out a second time takes out no other', (t) => {
  const open = new OpenCalls();
  const first = open.add(callNamed(1));
  const second = callNamed(2);
  open.add(second);
  first();
  first();
  t.deepEqual([...open], [second]);
});

test('calls that end while all are gone through do no harm', (t) => {
  const open = new OpenCalls();
  const removals = new Map<ServerCall, () => void>();
  for (let id = 0; id < 10; id++) {
    const call = callNamed(id);
    removals.set(call, open.add(call));
  }
  const seen: ServerCall[] = [];
  for (const call of open) {
    seen.push(call);
    removals.get(call)?.();
  }
  t.is(seen.length, 10);
  t.deepEqual([...open], []);
});
