import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { verifyRegistry } from '../../services/registry/verify.js';

type Registry = Clients['registry'];

const kills = 10;
const main = fileURLToPath(new URL('../../services/registry/main.js', import.meta.url));
const soon = { deadlineMs: 60_000 };

interface Process {
  child: ChildProcess;
  clients: Clients;
  exited: Promise<unknown[]>;
}

async function spawnRegistry(dataDir: string): Promise<Process> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TENON_')));
  const flags = ['--service.address=127.0.0.1:0', `--data-dir=${dataDir}`, '--log.level=warn'];
  const child = spawn(process.execPath, [main, ...flags], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const line: unknown = await Promise.race([
    once(lines, 'line').then(([first]: unknown[]) => first),
    exited.then(([code]) => Promise.reject(new Error(`the service exited with ${code} before it listened`))),
  ]);
  const { address } = JSON.parse(String(line)) as { address: string };
  return { child, exited, clients: createClients({ targets: { registry: address } }) };
}

/** One writer with a model of its own, and what the registry has acknowledged to it. */
interface Writer {
  model: string;
  /** The steps acknowledged; the next is tried, with the same request id, until it is. */
  done: number;
  /** What the journal must say of the model: action and version number. */
  journal: string[];
  aliases: number[];
  artifacts: string[];
}

function bytesOf(model: string, round: number): Buffer {
  return Buffer.from(`${model} ${round}`.repeat(2000));
}

/** Carries out the writer's next step; notes it when it is acknowledged. */
async function step(registry: Registry, writer: Writer): Promise<void> {
  const { model, done } = writer;
  const requestId = `${model.slice('models/'.length)}-${done}`;
  const round = Math.floor((done - 1) / 4) + 1;
  const kind = done === 0 ? 'create' : (['upload', 'version', 'promote', 'rollback'] as const)[(done - 1) % 4];
  if (kind === 'create') {
    await registry.createModel({ model: { name: model }, requestId }, soon);
    writer.journal.push('ACTION_MODEL_CREATED ');
  } else if (kind === 'upload') {
    const chunk = bytesOf(model, round);
    async function* parts(): AsyncGenerator<{ chunk: Buffer }> {
      yield { chunk };
    }
    const { name } = await registry.uploadArtifact(parts(), soon);
    writer.artifacts.push(name);
  } else if (kind === 'version') {
    const bytes = bytesOf(model, round);
    const artifact = `artifacts/${createHash('sha256').update(bytes).digest('hex')}`;
    const column = { type: 'COLUMN_TYPE_DOUBLE' as const };
    const version = {
      signature: {
        inputs: { columns: [{ ...column, name: 'x' }] },
        target: { ...column, name: 'y' },
        task: 'TASK_REGRESSION' as const,
      },
      files: [{ path: 'weights', artifact, sizeBytes: bytes.length }],
    };
    const { name } = await registry.createModelVersion({ parent: model, version, requestId }, soon);
    writer.journal.push(`ACTION_VERSION_CREATED ${name}`);
  } else if (kind === 'promote') {
    const name = `${model}/versions/${round}`;
    await registry.promoteModelVersion({ name, requestId }, soon);
    writer.aliases.push(round);
    writer.journal.push(`ACTION_ALIAS_SET ${name}`);
  } else if (round % 3 === 0) {
    await registry.rollbackAlias({ model, requestId }, soon);
    writer.aliases.pop();
    writer.journal.push(`ACTION_ALIAS_ROLLED_BACK ${model}/versions/${writer.aliases.at(-1)}`);
  } else {
    // Has no request id: repeated, it finds that nothing is to be changed.
    await registry.updateModel({ model: { name: model, description: `round ${round}` } }, soon);
    writer.journal.push('ACTION_MODEL_UPDATED ');
  }
  writer.done++;
}

async function problemsOf(dataDir: string): Promise<string[]> {
  const problems: string[] = [];
  for await (const problem of verifyRegistry(join(dataDir, 'registry'))) problems.push(problem);
  return problems;
}

test(`${kills} SIGKILLs under four writers lose nothing acknowledged, double nothing and damage nothing`, async (t) => {
  t.timeout(180_000);
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-registry-kill-'));
  let current: Process | undefined;
  t.teardown(async () => {
    if (current?.child.exitCode === null && current.child.signalCode === null) {
      current.child.kill('SIGKILL');
      await current.exited;
    }
    await current?.clients.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const writers: Writer[] = ['a', 'b', 'c', 'd'].map((id) => ({
    model: `models/${id}`,
    done: 0,
    journal: [],
    aliases: [],
    artifacts: [],
  }));

  for (let kill = 1; kill <= kills; kill++) {
    const running = await spawnRegistry(dataDir);
    current = running;
    let left = randomInt(1, 120);
    let killed = false;
    await Promise.all(
      writers.map(async (writer) => {
        while (!killed) {
          try {
            await step(running.clients.registry, writer);
          } catch (error) {
            // Only a killed process may fail; whether it did the step is then unknown.
            if (!killed || !(error instanceof RpcError)) throw error;
            return;
          }
          if (--left > 0 || killed) continue;
          killed = true;
          running.child.kill('SIGKILL');
        }
      }),
    );
    await running.exited;
    await running.clients.close();
    t.deepEqual(await problemsOf(dataDir), [], `after kill ${kill}`);
  }

  const last = await spawnRegistry(dataDir);
  current = last;
  const { registry } = last.clients;
  for (const writer of writers) {
    // One step more: the one whose outcome is unknown.
    await step(registry, writer);
    const entries: string[] = [];
    for (let pageToken = '', more = true; more; more = pageToken !== '') {
      const page = await registry.listJournalEntries({ model: writer.model, pageToken, pageSize: 1000 }, soon);
      entries.push(...page.entries.map(({ action, version }) => `${action} ${version}`));
      pageToken = page.nextPageToken;
    }
    t.deepEqual(entries, writer.journal);
    const { aliases, versionCount } = await registry.getModel({ name: writer.model }, soon);
    const production = writer.aliases.at(-1);
    t.deepEqual(aliases, production === undefined ? {} : { production: `${writer.model}/versions/${production}` });
    t.is(versionCount, writer.journal.filter((entry) => entry.startsWith('ACTION_VERSION_CREATED')).length);
    for (const name of writer.artifacts) t.is((await registry.getArtifact({ name }, soon)).name, name);
  }
  t.log(`${writers.reduce((sum, { done }) => sum + done, 0)} acknowledged writes`);
  last.child.kill('SIGTERM');
  t.deepEqual(await last.exited, [0, null]);
  t.deepEqual(await problemsOf(dataDir), []);
});
