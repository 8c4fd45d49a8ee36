import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Systems give connections that somebody opens ports from 32,768 on: one of those could be taken before its service listens. */
const firstPort = 20_000;
const endPort = 32_768;
/** With fewer free ports than this says, something else is wrong. */
const maxTries = 1_000;

/** Distinct ports of 127.0.0.1 that nobody listens on now, drawn from 20,000 to 32,767. Throws an Error where they are scarce. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = new Map<number, Server>();
  try {
    for (let tries = 0; servers.size < count; tries++) {
      if (tries === maxTries)
        throw new Error(`no ${count} free ports from ${firstPort} to ${endPort - 1} on 127.0.0.1`);
      const port = randomInt(firstPort, endPort);
      const server = servers.has(port) ? null : await listenAt(port);
      if (server !== null) servers.set(port, server);
    }
    return [...servers.keys()];
  } finally {
    await Promise.all([...servers.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Null where somebody listens already. */
function listenAt(port: number): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}
