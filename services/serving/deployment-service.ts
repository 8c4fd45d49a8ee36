import { randomUUID } from 'node:crypto';
import type { DeploymentServiceHandlers } from '../../proto/gen/tenon/serving/v1/index.js';
import { alreadyExists, notFound } from '../mesh/errors.js';
import { checkEtag } from '../mesh/resource/etag.js';
import { cutPage, pageOf } from '../mesh/resource/page.js';
import type { CallContext, Implementation } from '../mesh/rpc/handler.js';
import type { DeploymentRecord, Target } from './deployment.js';
import { firstStanding } from './deployment.js';
import type { Fleet } from './fleet.js';
import { registryDeadlineMs } from './limits.js';
import { etagOfDeployment, toDeployment } from './message.js';
import type { RegistryReader } from './registry-reader.js';
import type { DeploymentStore } from './store.js';
import { checkCreate, checkName, checkUpdate } from './validate.js';

/** What the handlers stand on. */
export interface DeploymentParts {
  store: DeploymentStore;
  fleet: Fleet;
  registry: Pick<RegistryReader, 'getModelVersion'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The handlers of DeploymentService. */
export function createDeploymentService(parts: DeploymentParts): Implementation<DeploymentServiceHandlers> {
  const { store, fleet, registry, now } = parts;

  function shownAs(record: DeploymentRecord) {
    const runtime = fleet.find(record.name);
    const own = runtime?.record.uid === record.uid ? runtime : undefined;
    return toDeployment(own?.record ?? record, own?.standing ?? firstStanding(record.createMs));
  }

  /** Throws RESOURCE_NOT_FOUND where the registry does not know the target. */
  async function checkTarget(target: Target, context: CallContext): Promise<void> {
    await registry.getModelVersion({ name: target.name }, { deadlineMs: registryDeadlineMs, parent: context });
  }

  return {
    async createDeployment(request, context) {
      const checked = checkCreate(request);
      const key = { requestId: request.requestId, request };
      const earlier = await store.replay(key);
      if (earlier !== null) return shownAs(earlier);
      if (fleet.has(checked.name) && request.requestId === '') throw alreadyExists(checked.name);
      await checkTarget(checked.target, context);
      const createMs = now();
      const draft = { ...checked, uid: randomUUID(), revision: 1, createMs, updateMs: createMs };
      const { record, created } = await store.create(draft, key, () => {
        if (fleet.has(checked.name)) throw alreadyExists(checked.name);
      });
      if (created) fleet.start(record, null);
      return shownAs(record);
    },

    getDeployment({ name }) {
      const { record, standing } = fleet.get(checkName(name, 'name'));
      return toDeployment(record, standing);
    },

    async listDeployments(request) {
      const page = pageOf(request, 'deployments');
      const found = await store.list(page.limit + 1, page.after);
      const { items, nextPageToken } = cutPage(found, page, 'deployments', ({ name }) => name);
      return { deployments: items.map(shownAs), nextPageToken };
    },

    async updateDeployment(request, context) {
      const { name, etag, displayName, target } = checkUpdate(request);
      const runtime = fleet.get(name);
      checkEtag(etag, etagOfDeployment(runtime.record), name);
      if (target !== null) await checkTarget(target, context);
      const record = await store.update(name, (current) => {
        checkEtag(etag, etagOfDeployment(current), name);
        return {
          ...current,
          displayName: displayName ?? current.displayName,
          target: target ?? current.target,
          revision: current.revision + 1,
          updateMs: now(),
        };
      });
      runtime.update(record, { reload: target !== null });
      return shownAs(record);
    },

    async deleteDeployment({ name, etag }) {
      checkName(name, 'name');
      await store.delete(name, (record) => checkEtag(etag, etagOfDeployment(record), name));
      await fleet.remove(name);
      return {};
    },

    async *watchDeployment({ name }, { signal }) {
      const runtime = fleet.get(checkName(name, 'name'));
      let shown = -1;
      for (;;) {
        if (runtime.gone) throw notFound(name);
        if (runtime.sequence === shown) {
          await runtime.changed(signal);
          continue;
        }
        shown = runtime.sequence;
        yield { deployment: toDeployment(runtime.record, runtime.standing) };
      }
    },
  };
}
