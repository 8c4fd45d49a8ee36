import test from 'ava';
import { serviceNames } from '../../services/mesh/discovery/backend.js';
import { type RunningMesh, startMeshWithPenguins } from '../harness/running-mesh.js';

const deadlineMs = 20_000;
let mesh: RunningMesh;

test.before(async () => {
  mesh = await startMeshWithPenguins();
});

test.after.always(async () => {
  await mesh?.stop();
});

/** Calls until it answers, at most five seconds. */
async function answersWithin5s(call: () => Promise<unknown>): Promise<boolean> {
  const end = Date.now() + 5_000;
  for (;;) {
    try {
      await call();
      return true;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

for (const service of serviceNames) {
  test.serial(`${service} killed with -9 is back and serving within 5 s, with every acknowledged write`, async (t) => {
    const { clients, supervised } = mesh;
    const before = {
      dataset: await clients.datasets.getDatasetVersion({ name: 'datasets/penguins/versions/1' }, { deadlineMs }),
      job: (await clients.training.listJobs({}, { deadlineMs })).jobs,
      model: await clients.registry.getModel({ name: 'models/penguins' }, { deadlineMs }),
    };
    const acknowledged = await clients.registry.updateModel(
      { model: { name: 'models/penguins', description: `before killing ${service}` } },
      { deadlineMs },
    );
    const pid = supervised.pids()[service];
    t.truthy(pid);
    process.kill(Number(pid), 'SIGKILL');

    const record = { fields: { island: { stringValue: 'Biscoe' } } };
    const probes = {
      data: () => clients.datasets.getDatasetVersion({ name: 'datasets/penguins/versions/1' }, { deadlineMs: 1_000 }),
      training: () => clients.training.listJobs({}, { deadlineMs: 1_000 }),
      registry: () => clients.registry.getModel({ name: 'models/penguins' }, { deadlineMs: 1_000 }),
      serving: () => clients.predictions.getSignature({ deployment: 'deployments/penguins' }, { deadlineMs: 1_000 }),
    };
    t.true(await answersWithin5s(probes[service]));
    t.not(supervised.pids()[service], pid);

    t.deepEqual(
      await clients.datasets.getDatasetVersion({ name: 'datasets/penguins/versions/1' }, { deadlineMs }),
      before.dataset,
    );
    t.deepEqual((await clients.training.listJobs({}, { deadlineMs })).jobs, before.job);
    const model = await clients.registry.getModel({ name: 'models/penguins' }, { deadlineMs });
    t.is(model.description, acknowledged.description);
    t.deepEqual(model.aliases, before.model.aliases);
    const error = await t.throwsAsync(
      clients.predictions.predict({ deployment: 'deployments/penguins', records: [record] }, { deadlineMs }),
    );
    t.regex(error.message, /bill_length_mm/, 'serving answers, and names the missing column');
  });
}
