import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { superviseMesh } from '../../cli/supervisor/index.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { pasteLines } from './paste-lines.js';
import { walk } from './walk.js';

const help = `Usage: npm run quickstart -- [options]

Starts the four services on free ports, takes the Palmer penguins from a raw CSV file to a served
prediction, and prints what happens at each step.

  --keep            leave the mesh running until Ctrl-C
  --data-dir DIR    keep all state in DIR (default: a temporary folder, removed at the end)
  --help            print this`;

const { values: options } = parseArgs({
  options: { keep: { type: 'boolean' }, 'data-dir': { type: 'string' }, help: { type: 'boolean' } },
});

if (options.help) {
  console.log(help);
} else {
  const temporary = options['data-dir'] === undefined;
  const dataDir = options['data-dir'] ?? (await mkdtemp(join(tmpdir(), 'tenon-quickstart-')));
  const mesh = await superviseMesh({ dataDir, env: { TENON_LOG_LEVEL: 'warn' } });
  const clients = createClients({ targets: mesh.addresses });
  const stop = async () => {
    await clients.close();
    await mesh.stop();
    if (temporary) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    for (const [service, address] of Object.entries(mesh.addresses)) console.log(`${service.padEnd(9)} ${address}`);
    await walk(clients, console.log);
    console.log(`\n${pasteLines(mesh.addresses.serving)}`);
    if (options.keep) {
      console.log('\nThe mesh is running. Ctrl-C stops it.');
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
    } else {
      console.log('\nTo try these, run again with the mesh left running: npm run quickstart -- --keep');
    }
  } finally {
    await stop();
  }
}
