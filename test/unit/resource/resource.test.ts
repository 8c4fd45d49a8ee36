import test from 'ava';
import { checkEtag, etagOf } from '../../../services/mesh/resource/etag.js';
import { fieldsToUpdate } from '../../../services/mesh/resource/field-mask.js';
import { parseName } from '../../../services/mesh/resource/name.js';
import { cutPage, pageOf } from '../../../services/mesh/resource/page.js';
import { checkRequestId, checkText } from '../../../services/mesh/resource/text.js';
import { millisOf, timestampOf } from '../../../services/mesh/resource/timestamp.js';

const invalid = { name: 'TenonError' };

test('a name is taken apart, and anything that is no such name is refused with the format', (t) => {
  t.deepEqual(parseName('models/{model}/versions/{version}', 'models/a-1/versions/12', 'name'), {
    model: 'a-1',
    version: '12',
  });
  const hostile = [
    '',
    'models/',
    'models/..',
    'models/A',
    'models/a/b',
    'models/a\0',
    'models/a\n',
    'x/a',
    '/models/a',
  ];
  for (const name of [...hostile, `models/${'a'.repeat(64)}`, 'a'.repeat(10_000_000), 'models/é', 'models/__proto__']) {
    t.throws(() => parseName('models/{model}', name, 'name'), { ...invalid, message: /^name: .*models\/\{model\}/s });
  }
});

test('pages follow one another, and a token works only for its own list', (t) => {
  const first = pageOf({ pageSize: 2, pageToken: '' }, 'l');
  const cut = cutPage(['a', 'b', 'c'], first, 'l', (item) => item);
  t.deepEqual(cut.items, ['a', 'b']);
  t.deepEqual(pageOf({ pageSize: 0, pageToken: cut.nextPageToken }, 'l'), { limit: 50, after: 'b' });
  t.is(cutPage(['c'], first, 'l', (item) => item).nextPageToken, '');
  t.is(pageOf({ pageSize: 5000, pageToken: '' }, 'l').limit, 1000);
  t.throws(() => pageOf({ pageSize: 2, pageToken: cut.nextPageToken }, 'other'), invalid);
  t.throws(() => pageOf({ pageSize: 2, pageToken: `${cut.nextPageToken}*` }, 'l'), invalid);
  t.throws(() => pageOf({ pageSize: -1, pageToken: '' }, 'l'), { ...invalid, message: 'page_size: -1 must be >= 0' });
});

test('etags, masks, texts and timestamps hold what they say', (t) => {
  t.is(etagOf({ a: 1, b: 2 }), etagOf({ b: 2, a: 1 }));
  t.notThrows(() => checkEtag('', 'x', 'models/a'));
  t.like(
    t.throws(() => checkEtag('y', 'x', 'models/a')),
    { reason: 'ETAG_MISMATCH' },
  );
  t.deepEqual([...fieldsToUpdate(null, ['description'])], ['description']);
  t.deepEqual([...fieldsToUpdate({ paths: ['displayName'] }, ['display_name'])], ['display_name']);
  t.throws(() => fieldsToUpdate({ paths: ['name'] }, ['description']), { message: /^update_mask\.paths\[0\]/ });
  for (const bad of ['a\0', 'toolong', '\ud800']) t.throws(() => checkText('f', bad, { max: 3 }), invalid);
  t.throws(() => checkRequestId('a b'), { ...invalid, message: /^request_id/ });
  t.is(millisOf(timestampOf(-1)), -1);
  t.deepEqual(timestampOf(1500), { seconds: 1, nanos: 500_000_000 });
});
