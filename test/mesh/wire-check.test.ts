import test from 'ava';
import fc from 'fast-check';
import { datasetService, predictionService } from '../../proto/contracts.js';
import { checkWire, wireMessage } from '../../services/mesh/rpc/wire-check.js';
import { randomMessage } from '../harness/random-requests.js';

const preview = wireMessage('tenon.data.v1.PreviewDatasetVersionRequest');
const tensor = wireMessage('tenon.common.v1.Tensor');
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

for (const [what, plan, bytes, problem] of [
  ['a 32-bit number padded to seven bytes', preview, '10 81 80 80 80 80 80 00', /takes 7 bytes/],
  ['a length padded to six bytes', preview, '0a 81 80 80 80 80 00 61', /takes 6 bytes, must be at most 5/],
  ['a tag padded to six bytes', preview, '8a 80 80 80 80 00 01 61', /takes 6 bytes, must be at most 5/],
  ['a packed number without its end', tensor, '12 02 01 80 08 01', /byte 4: the message ends within a number/],
  ['a packed number of eleven bytes', tensor, '12 0b 80 80 80 80 80 80 80 80 80 80 01', /longer than 10 bytes/],
] as const) {
  test(`${what} is refused`, (t) => {
    t.throws(() => checkWire(hex(bytes), plan), { instanceOf: RangeError, message: problem });
  });
}

for (const [what, plan, bytes] of [
  ['a 32-bit number of five bytes', preview, '10 81 80 80 80 00'],
  ['a negative 32-bit number, which takes ten bytes', preview, '10 ff ff ff ff ff ff ff ff ff 01'],
  ['a 64-bit number padded to seven bytes', tensor, '10 81 80 80 80 80 80 00'],
  ['packed numbers', tensor, '12 03 01 80 01'],
  ['an unknown number padded to seven bytes', tensor, 'f8 01 81 80 80 80 80 80 00'],
] as const) {
  test(`${what} is let through`, (t) => {
    t.notThrows(() => checkWire(hex(bytes), plan));
  });
}

const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), remove: fc.boolean() });

for (const [name, method] of [
  ['tenon.data.v1.ReadDatasetVersionRequest', datasetService.ReadDatasetVersion],
  ['tenon.serving.v1.PredictRequest', predictionService.Predict],
] as const) {
  test(`bytes of a ${name} that are let through can be decoded`, (t) => {
    const plan = wireMessage(name);
    let decoded = 0;
    const messages = fc.array(change, { maxLength: 2 }).chain((changes) =>
      randomMessage(name).map((message) => {
        const bytes = [...method.requestSerialize(message as never)];
        for (const { at, byte, remove } of changes) bytes.splice(at % (bytes.length + 1), remove ? 1 : 0, byte);
        return Buffer.from(bytes);
      }),
    );
    fc.assert(
      fc.property(messages, (bytes) => {
        try {
          checkWire(bytes, plan);
        } catch {
          return;
        }
        method.requestDeserialize(bytes);
        decoded++;
      }),
      { numRuns: 2000, seed: 20_260_306 },
    );
    t.true(decoded > 500, `${decoded}`);
  });
}
