import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../proto/root.js';
import type { ServerProcess } from './child.js';

const run = promisify(execFile);
const scripts = join(packageRoot, 'bench', 'peers');
const environmentOf = (peer: 'mlserver' | 'triton') => join(packageRoot, '.cache', `${peer}-venv`);

/** The ports that are free now, of which another process could take one before they are used. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address !== null && typeof address === 'object') ports.push(address.port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

/** Installs the servers, if they are not. */
export async function installServers(): Promise<void> {
  await run(join(packageRoot, 'scripts', 'install-serving-peers.sh'));
}

/** Starts a program and waits until it says in its output that it serves. */
async function started(
  port: number | undefined,
  command: string,
  args: readonly string[],
  { ready, env }: { ready: RegExp; env: NodeJS.ProcessEnv },
): Promise<ServerProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      text = `${text}${part.toString()}`.slice(-4000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (let waited = 0; !ready.test(text); waited++) {
    if (child.exitCode !== null || child.pid === undefined || waited > 600) {
      await stop();
      throw new Error(`${command} did not come to serve:\n${text}`);
    }
    await sleep(100);
  }
  return { address: `127.0.0.1:${port}`, stop };
}

/** MLServer on the model that forest_onnx.py left in a folder, in its own process: without worker processes, which are slower. */
export async function startMlServer(folder: string): Promise<ServerProcess> {
  const home = join(folder, 'mlserver');
  const [grpc, http, metrics] = await freePorts(3);
  const model = {
    name: 'forest',
    implementation: 'mlserver_onnx.OnnxModel',
    parameters: { uri: join(folder, 'model.onnx') },
  };
  const settings = {
    host: '127.0.0.1',
    grpc_port: grpc,
    http_port: http,
    metrics_port: metrics,
    parallel_workers: 0,
    debug: false,
  };
  await mkdir(join(home, 'forest'), { recursive: true });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(home, 'forest', 'model-settings.json'), JSON.stringify(model));
  return await started(grpc, join(environmentOf('mlserver'), 'bin', 'mlserver'), ['start', home], {
    ready: /gRPC server running on[\s\S]*Uvicorn running on/,
    env: { PYTHONPATH: scripts, PYTHONDONTWRITEBYTECODE: '1' },
  });
}

/** How Triton runs a model: in how many processes, and whether it puts waiting requests together. */
export interface TritonSetting {
  instances: number;
  batching: boolean;
}

/** Triton with its Python backend, as PyTriton brings it, on the model that forest_onnx.py left in a folder. */
export async function startTriton(folder: string, { instances, batching }: TritonSetting): Promise<ServerProcess> {
  const home = join(folder, `triton-${instances}-${batching}`);
  const [backend, model] = [join(home, 'backends', 'python'), join(home, 'models', 'forest')];
  const packages = join(environmentOf('triton'), 'lib');
  const [python = ''] = await readdir(packages);
  const site = join(packages, python, 'site-packages');
  const server = join(site, 'pytriton', 'tritonserver');
  await mkdir(backend, { recursive: true });
  await mkdir(join(model, '1'), { recursive: true });
  // The backend runs models in the process that lies beside it, one for each version of Python.
  const stub = join(server, 'python_backend_stubs', python.replace('python', ''), 'triton_python_backend_stub');
  const parts = ['libtriton_python.so', 'triton_python_backend_utils.py'];
  for (const part of [...parts.map((name) => join(server, 'backends', 'python', name)), stub]) {
    await copyFile(part, join(backend, part.slice(part.lastIndexOf('/') + 1)));
  }
  await copyFile(join(scripts, 'triton_onnx.py'), join(model, '1', 'model.py'));
  await copyFile(join(folder, 'model.onnx'), join(model, '1', 'model.onnx'));
  await writeFile(
    join(model, 'config.pbtxt'),
    `backend: "python"
max_batch_size: 4096
input [{ name: "X", data_type: TYPE_FP32, dims: [30] }]
output [{ name: "probabilities", data_type: TYPE_FP32, dims: [2] }]
instance_group [{ kind: KIND_CPU, count: ${instances} }]
${batching ? 'dynamic_batching { }' : ''}
`,
  );
  const [grpc] = await freePorts(1);
  const args = [
    `--model-repository=${join(home, 'models')}`,
    `--backend-directory=${join(home, 'backends')}`,
    '--grpc-address=127.0.0.1',
    `--grpc-port=${grpc}`,
    '--allow-http=false',
    '--allow-metrics=false',
  ];
  return await started(grpc, join(server, 'bin', 'tritonserver'), args, {
    ready: /Started GRPCInferenceService/,
    env: {
      // Where the process of the backend finds its packages and libraries.
      PATH: `${join(environmentOf('triton'), 'bin')}:${process.env.PATH ?? ''}`,
      LD_LIBRARY_PATH: join(site, 'nvidia_pytriton.libs'),
    },
  });
}
