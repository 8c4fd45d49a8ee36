import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Deployment__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { type Clients, createClients } from '../../services/mesh/rpc/clients.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { servingDefinitionWith } from '../../services/serving/definition-with.js';
import { type BundleOptions, bundleWithSignature, loadSmallModel, until } from '../unit/serving/fixture.js';

/** The deadline of calls in these tests. */
export const soon = { deadlineMs: 30_000 };

/** Starts a registry and a serving service with real gRPC between them; everything ends with the test. */
export async function startServing(t: ExecutionContext, load = loadSmallModel) {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-serving-'));
  const common = ['--log.level=error', `--data-dir=${dir}`, '--drain.grace=2s'];
  const startRegistry = (address: string) =>
    startService({ ...registryDefinition, argv: [...common, `--service.address=${address}`], env: {} });
  let registry = await startRegistry('127.0.0.1:0');
  const registryAddress = registry.address;
  const argv = [...common, '--service.address=127.0.0.1:0', `--discovery.static.registry=${registryAddress}`];
  const start = () => startService({ ...servingDefinitionWith(load), argv, env: {} });
  let serving = await start();
  let clients = createClients({ targets: { registry: registryAddress, serving: serving.address } });
  t.teardown(async () => {
    await clients.close();
    await serving.stop();
    await registry.stop();
    await rm(dir, { recursive: true, force: true });
  });

  return {
    get clients(): Clients {
      return clients;
    },
    /** Where serving listens. */
    get address(): string {
      return serving.address;
    },
    /** Stops serving and starts it again on the same folder; `between` runs while it is down. */
    async restart(between: () => Promise<void> = async () => undefined) {
      await clients.close();
      await serving.stop();
      await between();
      serving = await start();
      clients = createClients({ targets: { registry: registryAddress, serving: serving.address } });
    },
    stopRegistry: () => registry.stop(),
    async startRegistry() {
      registry = await startRegistry(registryAddress);
    },
    /** Registers a version of `models/penguins` and returns its name. */
    register: (options: BundleOptions = {}, spoil: readonly string[] = []) =>
      registerBundle(clients, bundleWithSignature(options), spoil),
    /** The same of a bundle that the test has made. */
    registerBundle: (bundle: SignedBundle) => registerBundle(clients, bundle, []),
    /** Waits until the deployment is as `check` says. */
    async settled(name: string, check: (deployment: Deployment__Output) => boolean): Promise<Deployment__Output> {
      let last: Deployment__Output | undefined;
      await until(async () => {
        last = await clients.deployments.getDeployment({ name }, soon);
        return check(last);
      });
      return last as Deployment__Output;
    },
    /** Creates a deployment and waits until it answers. */
    async deploy(target: { version: string } | { alias: string }, id = 'penguins'): Promise<string> {
      const name = `deployments/${id}`;
      await clients.deployments.createDeployment({ deployment: { name, ...target } }, soon);
      await until(async () => (await clients.deployments.getDeployment({ name }, soon)).state === 'STATE_READY');
      return name;
    },
  };
}

/** The largest chunk that the registry takes. */
const chunkBytes = 1024 * 1024;

/** The files of a version and its signature as it is registered. */
export type SignedBundle = ReturnType<typeof bundleWithSignature>;

async function registerBundle(
  { registry }: Clients,
  { files, signature }: SignedBundle,
  spoil: readonly string[],
): Promise<string> {
  const model = 'models/penguins';
  try {
    await registry.createModel({ model: { name: model }, requestId: randomUUID() }, soon);
  } catch (error) {
    if (!(error instanceof TenonError && error.reason === 'RESOURCE_EXISTS')) throw error;
  }
  const listed = [];
  for (const { path, bytes } of files) {
    const chunk = spoil.includes(path) ? Buffer.from('{}') : Buffer.from(bytes);
    const parts = (async function* () {
      for (let at = 0; at < chunk.length; at += chunkBytes) yield { chunk: chunk.subarray(at, at + chunkBytes) };
    })();
    const { name, sizeBytes } = await registry.uploadArtifact(parts, soon);
    listed.push({ path, artifact: name, sizeBytes });
  }
  const version = { signature, files: listed };
  const { name } = await registry.createModelVersion({ parent: model, version, requestId: randomUUID() }, soon);
  return name;
}

/** What a call was refused with: the reason, and the field of the first violation. */
export async function refusal(call: Promise<unknown>): Promise<[string, string | undefined] | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return [error.reason, error.violations[0]?.field];
  }
}
