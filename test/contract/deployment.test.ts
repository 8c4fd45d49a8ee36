import test from 'ava';
import type { Deployment__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { refusal, soon, startServing } from './serving-harness.js';

const name = 'deployments/penguins';
const prod = 'models/penguins/versions/@prod';
const model = 'models/penguins';

test.serial('CreateDeployment loads the version and answers', async (t) => {
  const { clients, register, settled } = await startServing(t);
  const version = await register();
  const created = await clients.deployments.createDeployment(
    { deployment: { name, displayName: 'Birds', version } },
    soon,
  );
  t.like(created, { name, displayName: 'Birds', target: 'version', version, error: null });
  t.not(created.etag, '');
  const ready = await settled(name, ({ state }) => state === 'STATE_READY');
  t.like(ready, { activeVersion: version, loadingVersion: '', etag: created.etag });
});

test.serial('CreateDeployment refuses what is wrong by its field', async (t) => {
  const { clients, register } = await startServing(t);
  const version = await register();
  const create = (deployment: object | null, requestId = '') =>
    refusal(clients.deployments.createDeployment({ deployment, requestId }, soon));
  t.deepEqual(await create(null), ['INVALID_FIELD', 'deployment']);
  t.deepEqual(await create({ name }), ['INVALID_FIELD', 'deployment.target']);
  t.deepEqual(await create({ name: 'deployments/Big', version }), ['INVALID_FIELD', 'deployment.name']);
  t.deepEqual(await create({ name, version: 'models/penguins' }), ['INVALID_FIELD', 'deployment.version']);
  t.deepEqual(await create({ name, alias: 'models/penguins/versions/1' }), ['INVALID_FIELD', 'deployment.alias']);
  t.deepEqual(await create({ name, alias: 'models/penguins/versions/@A' }), ['INVALID_FIELD', 'deployment.alias']);
  t.deepEqual(await create({ name, version, displayName: 'x'.repeat(129) }), [
    'INVALID_FIELD',
    'deployment.display_name',
  ]);
  t.deepEqual(await create({ name, version }, 'x'.repeat(65)), ['INVALID_FIELD', 'request_id']);
  t.is((await create({ name, version: `${model}/versions/99` }))?.[0], 'RESOURCE_NOT_FOUND');
  t.is((await create({ name, alias: prod }))?.[0], 'RESOURCE_NOT_FOUND');
  t.is(await create({ name, version }), null);
  t.is((await create({ name, version }, 'second'))?.[0], 'RESOURCE_EXISTS');
});

test.serial('a repeated request_id returns the first result, another request with it is refused', async (t) => {
  const { clients, register } = await startServing(t);
  const version = await register();
  const request = { deployment: { name, version }, requestId: 'once' };
  const first = await clients.deployments.createDeployment(request, soon);
  const again = await clients.deployments.createDeployment(request, soon);
  t.is(again.etag, first.etag);
  t.deepEqual(again.createTime, first.createTime);
  const other = { ...request, deployment: { name: 'deployments/other', version } };
  t.is((await refusal(clients.deployments.createDeployment(other, soon)))?.[0], 'REQUEST_ID_REUSED');
});

test.serial('GetDeployment, UpdateDeployment, DeleteDeployment and WatchDeployment know no other name', async (t) => {
  const { clients } = await startServing(t);
  const { deployments } = clients;
  const missing = 'RESOURCE_NOT_FOUND';
  t.is((await refusal(deployments.getDeployment({ name }, soon)))?.[0], missing);
  t.is((await refusal(deployments.updateDeployment({ deployment: { name } }, soon)))?.[0], missing);
  t.is((await refusal(deployments.deleteDeployment({ name }, soon)))?.[0], missing);
  const watch = async () => {
    for await (const _ of deployments.watchDeployment({ name }, soon)) t.fail();
  };
  t.is((await refusal(watch()))?.[0], missing);
  t.deepEqual(await refusal(deployments.getDeployment({ name: 'x' }, soon)), ['INVALID_FIELD', 'name']);
});

test.serial('ListDeployments pages through all in the order of their names', async (t) => {
  const { clients, register } = await startServing(t);
  const version = await register();
  const names = ['a', 'b', 'c', 'd', 'e'].map((id) => `deployments/${id}`);
  for (const each of [...names].reverse()) {
    await clients.deployments.createDeployment({ deployment: { name: each, version } }, soon);
  }
  const found: string[] = [];
  let pageToken = '';
  do {
    const page = await clients.deployments.listDeployments({ pageSize: 2, pageToken }, soon);
    t.true(page.deployments.length <= 2);
    found.push(...page.deployments.map((each) => each.name));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  t.deepEqual(found, names);
  t.deepEqual(await refusal(clients.deployments.listDeployments({ pageSize: -1 }, soon)), [
    'INVALID_FIELD',
    'page_size',
  ]);
  t.deepEqual(await refusal(clients.deployments.listDeployments({ pageToken: 'x' }, soon)), [
    'INVALID_FIELD',
    'page_token',
  ]);
});

test.serial('UpdateDeployment changes the target while predictions go on', async (t) => {
  const { clients, register, deploy, settled } = await startServing(t);
  const one = await register();
  const two = await register({ shift: 3 });
  await deploy({ version: one });
  const records = [{ fields: { bill_length_mm: { numberValue: 40 }, island: { stringValue: 'Dream' } } }];
  const seen = new Set<string>();
  let done = false;
  const calls = (async () => {
    while (!done) seen.add((await clients.predictions.predict({ deployment: name, records }, soon)).modelVersion);
  })();
  const updated = await clients.deployments.updateDeployment({ deployment: { name, version: two } }, soon);
  t.is(updated.version, two);
  await settled(name, ({ activeVersion }) => activeVersion === two);
  t.is((await clients.predictions.predict({ deployment: name, records }, soon)).modelVersion, two);
  done = true;
  await calls;
  for (const version of seen) t.true(version === one || version === two);
});

test.serial('UpdateDeployment keeps to its mask and its etag', async (t) => {
  const { clients, register, deploy } = await startServing(t);
  const version = await register();
  await deploy({ version });
  const before = await clients.deployments.getDeployment({ name }, soon);
  const update = (deployment: object, paths: string[] = []) =>
    clients.deployments.updateDeployment({ deployment: { name, ...deployment }, updateMask: { paths } }, soon);
  const renamed = await update({ displayName: 'New', alias: prod }, ['display_name']);
  t.like(renamed, { displayName: 'New', version, state: 'STATE_READY' });
  t.not(renamed.etag, before.etag);
  t.is((await refusal(update({ displayName: 'Late', etag: before.etag })))?.[0], 'ETAG_MISMATCH');
  t.is((await update({ displayName: 'Right', etag: renamed.etag })).displayName, 'Right');
  t.deepEqual(await refusal(update({}, ['state'])), ['INVALID_FIELD', 'update_mask.paths[0]']);
  t.deepEqual(await refusal(update({}, ['version'])), ['INVALID_FIELD', 'deployment.version']);
  t.is((await refusal(update({ version: `${model}/versions/77` })))?.[0], 'RESOURCE_NOT_FOUND');
});

test.serial('an alias is followed when it is promoted and when it is rolled back', async (t) => {
  const { clients, register, deploy, settled } = await startServing(t);
  const one = await register();
  const two = await register({ shift: 3 });
  await clients.registry.setAlias({ model, alias: 'prod', version: one }, soon);
  await deploy({ alias: prod });
  await clients.registry.promoteModelVersion({ name: two, alias: 'prod' }, soon);
  await settled(name, ({ activeVersion }) => activeVersion === two);
  await clients.registry.rollbackAlias({ model, alias: 'prod' }, soon);
  const back = await settled(name, ({ activeVersion }) => activeVersion === one);
  t.like(back, { state: 'STATE_READY', alias: prod, error: null });
});

test.serial('a version that cannot be loaded leaves the old one serving, with the error beside it', async (t) => {
  const { clients, register, deploy, settled } = await startServing(t);
  const one = await register();
  await deploy({ version: one });
  const broken = await register({ shift: 1 }, ['parity.json']);
  await clients.deployments.updateDeployment({ deployment: { name, version: broken } }, soon);
  const failed = await settled(name, ({ error }) => error !== null);
  t.like(failed, { state: 'STATE_READY', activeVersion: one, loadingVersion: '', version: broken });
  t.is(failed.error?.code, 9);
  t.regex(failed.error?.message ?? '', /parity\.json/);
  t.true((failed.error?.details.length ?? 0) > 0);
});

test.serial('WatchDeployment shows how it stands, then its changes, and ends when it is deleted', async (t) => {
  const { clients, register, deploy } = await startServing(t);
  const version = await register();
  await deploy({ version });
  const seen: Deployment__Output[] = [];
  const watch = (async () => {
    for await (const { deployment } of clients.deployments.watchDeployment({ name }, soon)) {
      if (deployment === null) continue;
      seen.push(deployment);
      if (seen.length === 1) {
        await clients.deployments.updateDeployment({ deployment: { name, displayName: 'Seen' } }, soon);
      }
      if (deployment.displayName === 'Seen' && deployment.state === 'STATE_READY') {
        await clients.deployments.deleteDeployment({ name }, soon);
      }
    }
  })();
  t.is((await refusal(watch))?.[0], 'RESOURCE_NOT_FOUND');
  t.is(seen[0]?.state, 'STATE_READY');
  t.true(seen.some(({ displayName }) => displayName === 'Seen'));
});

test.serial('DeleteDeployment keeps to its etag, ends predictions and frees the name', async (t) => {
  const { clients, register, deploy } = await startServing(t);
  const version = await register();
  await deploy({ version });
  t.is((await refusal(clients.deployments.deleteDeployment({ name, etag: 'old' }, soon)))?.[0], 'ETAG_MISMATCH');
  const { etag } = await clients.deployments.getDeployment({ name }, soon);
  await clients.deployments.deleteDeployment({ name, etag }, soon);
  t.is((await refusal(clients.predictions.getSignature({ deployment: name }, soon)))?.[0], 'RESOURCE_NOT_FOUND');
  await deploy({ version });
  t.not((await clients.deployments.getDeployment({ name }, soon)).etag, etag);
});

test.serial('deployments are restored at start, from the cache while the registry is away', async (t) => {
  const mesh = await startServing(t);
  const one = await mesh.register();
  const two = await mesh.register({ shift: 2 });
  await mesh.clients.registry.setAlias({ model, alias: 'prod', version: one }, soon);
  await mesh.deploy({ alias: prod });
  const before = await mesh.clients.deployments.getDeployment({ name }, soon);
  await mesh.restart(mesh.stopRegistry);
  const restored = await mesh.settled(name, ({ state }) => state === 'STATE_READY');
  t.like(restored, { activeVersion: one, alias: prod, etag: before.etag, createTime: before.createTime });
  const other = { name: 'deployments/other', version: one };
  const refused = await refusal(mesh.clients.deployments.createDeployment({ deployment: other }, soon));
  t.is(refused?.[0], 'DEPENDENCY_UNAVAILABLE');
  await mesh.startRegistry();
  await mesh.clients.registry.setAlias({ model, alias: 'prod', version: two }, soon);
  await mesh.settled(name, ({ activeVersion }) => activeVersion === two);
});
