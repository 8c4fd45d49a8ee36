import test from 'ava';
import fc from 'fast-check';
import { TenonError } from '../../../services/mesh/errors.js';
import { nextPageToken } from '../../../services/mesh/resource/page.js';
import {
  checkCreateModel,
  checkGetModelVersion,
  checkListModelVersions,
  checkPromoteModelVersion,
  checkRollbackAlias,
} from '../../../services/registry/validate.js';

const aliasRequest = { etag: '', requestId: '' };

test('a version is meant by its number, as latest or by an alias', (t) => {
  t.deepEqual(checkGetModelVersion({ name: 'models/m/versions/12' }), { model: 'm', pick: { version: 12 } });
  t.deepEqual(checkGetModelVersion({ name: 'models/m/versions/latest' }), { model: 'm', pick: 'latest' });
  t.deepEqual(checkGetModelVersion({ name: 'models/m/versions/@blue' }), { model: 'm', pick: { alias: 'blue' } });
});

test('any other name of a version is refused, naming the field and the whole value', (t) => {
  const segment = fc.constantFrom('models', 'versions', 'm', '@', '@a', 'latest', '1', '0', '01', '', 'M', '@latest');
  const name = fc.oneof(
    fc.string(),
    fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('/')),
  );
  const right = /^models\/[a-z][a-z0-9-]*\/versions\/([1-9][0-9]*|latest|@(?!latest$)[a-z][a-z0-9-]*)$/;
  fc.assert(
    fc.property(name, (value) => {
      try {
        checkGetModelVersion({ name: value });
        return right.test(value);
      } catch (error) {
        return error instanceof TenonError && error.violations[0]?.field === 'name' && !right.test(value);
      }
    }),
  );
  t.throws(() => checkGetModelVersion({ name: 'models/m/versions/x/@a' }), { message: /"models\/m\/versions\/x\/@a"/ });
});

test('promotion and rollback mean the alias production unless another is named', (t) => {
  const name = 'models/m/versions/latest';
  t.deepEqual(checkPromoteModelVersion({ ...aliasRequest, name, alias: '' }), {
    model: 'm',
    alias: 'production',
    version: 'latest',
    etag: '',
  });
  t.is(checkRollbackAlias({ ...aliasRequest, model: 'models/m', alias: 'blue' }).alias, 'blue');
  t.throws(() => checkPromoteModelVersion({ ...aliasRequest, name: 'models/m/versions/@blue', alias: '' }), {
    message: /^name: "models\/m\/versions\/@blue" must have the format/,
  });
});

test('a page token with a forged key never reaches the store', (t) => {
  const list = 'models/m/versions';
  const request = { parent: 'models/m', pageSize: 1001, pageToken: nextPageToken(list, '7') };
  t.like(checkListModelVersions(request), { after: 7, page: { limit: 1000 } });
  for (const key of ['-1', 'x', '1e400', '1.5']) {
    t.throws(() => checkListModelVersions({ ...request, pageToken: nextPageToken(list, key) }), {
      message: /^page_token: /,
    });
  }
});

test('a model needs a name of the format, and texts within their bounds', (t) => {
  const model = {
    name: 'models/m',
    displayName: '',
    description: '',
    aliases: {},
    latestVersion: '',
    versionCount: 0,
    createTime: null,
    updateTime: null,
    etag: '',
  };
  t.like(checkCreateModel({ model, requestId: '' }), { id: 'm' });
  t.throws(() => checkCreateModel({ model: null, requestId: '' }), { message: 'model: null must be set' });
  t.throws(() => checkCreateModel({ model: { ...model, name: 'm' }, requestId: '' }), { message: /^model\.name: "m"/ });
  t.throws(() => checkCreateModel({ model: { ...model, displayName: 'x'.repeat(129) }, requestId: '' }), {
    message: /^model\.display_name: .* has 129 characters, must have at most 128/,
  });
  t.throws(() => checkCreateModel({ model, requestId: 'x'.repeat(65) }), { message: /^request_id: / });
});
