import { notFound } from '../mesh/errors.js';
import type { DeploymentRecord } from './deployment.js';
import type { DeploymentRuntime, RuntimeParts } from './runtime.js';
import { startRuntime } from './runtime.js';
import type { VersionManifest } from './store.js';

/** The deployments at work, by name. */
export interface Fleet {
  /** Whether the name is taken, by a deployment that is being removed too. */
  has(name: string): boolean;
  find(name: string): DeploymentRuntime | undefined;
  /** Throws RESOURCE_NOT_FOUND. */
  get(name: string): DeploymentRuntime;
  /** Starts a deployment; `served` is what answered before a restart. */
  start(record: DeploymentRecord, served: VersionManifest | null): DeploymentRuntime;
  /** Removes a deployment; resolves when its running predictions have ended. */
  remove(name: string): Promise<void>;
  /** Stops all, as at the end of the process. */
  stop(): Promise<void>;
}

/** A fleet without deployments. */
export function createFleet(parts: RuntimeParts): Fleet {
  const runtimes = new Map<string, DeploymentRuntime>();
  return {
    has: (name) => runtimes.has(name),
    find: (name) => runtimes.get(name),
    get(name) {
      const runtime = runtimes.get(name);
      if (runtime === undefined) throw notFound(name);
      return runtime;
    },
    start(record, served) {
      const runtime = startRuntime(parts, record, served);
      runtimes.set(record.name, runtime);
      return runtime;
    },
    async remove(name) {
      const runtime = runtimes.get(name);
      if (runtime === undefined) return;
      await runtime.remove();
      runtimes.delete(name);
    },
    async stop() {
      await Promise.all([...runtimes.values()].map((runtime) => runtime.stop()));
    },
  };
}
