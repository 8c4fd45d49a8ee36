import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { superviseMesh } from '../../cli/supervisor/index.js';
import { walk } from '../../examples/quickstart/walk.js';
import { type Clients, createClients } from '../../services/mesh/rpc/clients.js';

/** Four real service processes with the penguins deployed. */
export interface RunningMesh {
  supervised: Awaited<ReturnType<typeof superviseMesh>>;
  clients: Clients;
  dataDir: string;
  /** What the walk printed. */
  lines: string[];
  /** The accuracy on held-out rows that the walk reached. */
  accuracy: number;
  stop(): Promise<void>;
}

/** Starts the mesh on free ports and walks the penguins through it, as the quickstart does. */
export async function startMeshWithPenguins(args: string[] = []): Promise<RunningMesh> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenon-mesh-'));
  const supervised = await superviseMesh({ dataDir, args, env: { TENON_LOG_LEVEL: 'warn' } });
  const clients = createClients({ targets: supervised.addresses });
  const stop = async () => {
    await clients.close();
    await supervised.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const lines: string[] = [];
    const { accuracy } = await walk(clients, (line) => lines.push(line));
    return { supervised, clients, dataDir, lines, accuracy, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
