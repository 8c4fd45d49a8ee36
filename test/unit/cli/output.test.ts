import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { fieldForPeople } from '../../../cli/output/fields.js';
import { showBytes, showMetric, showSeconds } from '../../../cli/output/format.js';
import { renderJson } from '../../../cli/output/json.js';
import { renderTable, wrapText } from '../../../cli/output/table.js';

const plain = (...parts: Parameters<typeof renderTable>) => stripVTControlCharacters(renderTable(...parts));

test('a table puts numbers to the right, text to the left and a dash where nothing is', (t) => {
  const rows = [
    ['bill', 2, '43.9', ''],
    ['sex', 10, '', 'MALE 168'],
  ];
  t.is(
    plain(['column', 'missing', 'mean', 'top'], rows),
    ['column  missing  mean  top', 'bill          2  43.9  -', 'sex          10     -  MALE 168'].join('\n'),
  );
});

test('a table without room cuts text from the right, then leaves columns out, but never the first column or a time', (t) => {
  const headings = ['job', 'created', 'data', 'error'];
  const rows = [['job-188938da3995e6a9', '2026-01-31 12:00:05Z', 'penguins/versions/1', 'it was not to be, alas']];
  t.is(
    plain(headings, rows, 80).split('\n')[1],
    'job-188938da3995e6a9  2026-01-31 12:00:05Z  penguins/versions/1  it was not to …',
  );
  t.is(plain(headings, rows, 66).split('\n')[1], 'job-188938da3995e6a9  2026-01-31 12:00:05Z  penguins/…  it was no…');
  const narrow = plain(headings, rows, 44).split('\n');
  t.is(narrow[1], 'job-188938da3995e6a9  2026-01-31 12:00:05Z');
  t.is(narrow[2], '2 more columns; --json shows all');
});

test('without a terminal nothing is cut', (t) => {
  const text = 'x'.repeat(500);
  t.true(plain(['name', 'text'], [['a', text]]).includes(text));
});

test('text is wrapped between words, and a word that is too long stays whole', (t) => {
  t.is(wrapText('one two three', 7), 'one two\nthree');
  t.is(wrapText('incomprehensible words', 5), 'incomprehensible\nwords');
});

test('JSON has times in RFC 3339, bytes in base64 and each oneof once', (t) => {
  const message = {
    kind: 'stringValue',
    stringValue: 'x',
    time: { seconds: 1_767_225_600, nanos: 250_000_000 },
    bytes: Buffer.from('hi'),
    count: 3,
    aliases: { kind: 'models/m/versions/1' },
  };
  t.deepEqual(JSON.parse(renderJson(message)), {
    stringValue: 'x',
    time: '2026-01-01T00:00:00.250Z',
    bytes: 'aGk=',
    count: 3,
    aliases: { kind: 'models/m/versions/1' },
  });
});

test('figures carry their units and line up', (t) => {
  t.deepEqual([0, 512, 4_167, 5_000_000].map(showBytes), ['0 B', '512 B', '4.1 KiB', '4.8 MiB']);
  t.deepEqual([0.0000261, 0.00429, 12.84, 200].map(showSeconds), ['26.1 µs', '4.3 ms', '12.8 s', '3 min 20 s']);
  t.deepEqual([1, 0.98182, 312.4238, 1e-5, 123_456.78].map(showMetric), [
    '1.0000',
    '0.9818',
    '312.4238',
    '0.00001',
    '123460',
  ]);
});

test('fields of requests are told in the words of the command line', (t) => {
  t.is(fieldForPeople('job.spec.target'), '--target');
  t.is(fieldForPeople('job.spec.estimator.estimator'), '--estimator');
  t.is(fieldForPeople('job.spec.features[1]'), '--features[1]');
  t.is(fieldForPeople('job.spec.estimator.parameters["n_estimator"]'), '--param n_estimator');
  t.is(fieldForPeople('job.spec.validation.k_fold.folds'), '--folds');
  t.is(fieldForPeople('records[3].fields["bill"]'), 'row 4, bill');
  t.is(fieldForPeople('records'), 'records');
  t.is(fieldForPeople('page_size'), 'page_size');
});
