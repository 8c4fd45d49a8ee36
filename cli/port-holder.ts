import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

/** The state of a listening socket in /proc/net/tcp. */
const listening = '0A';

/** Whether nobody listens on a port of 127.0.0.1 that we could take. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}

/** The inodes of sockets that listen on a port. A line is `sl local:port remote:port state … inode …`. */
async function inodesOf(port: number): Promise<Set<string>> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hex}`) && fields[3] === listening && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return inodes;
}

/**
 * Who listens on a port, for people: `process 4711 (node …/registry/main.js)`, or the command that tells. Reads /proc,
 * and so finds nothing on other systems, nor processes of other users.
 */
export async function portHolder(port: number): Promise<string> {
  const inodes = await inodesOf(port);
  const pids = inodes.size === 0 ? [] : (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (!inodes.has(link)) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      // The program and its script: flags would drown them.
      return `process ${pid} (${command.split('\0').slice(0, 2).join(' ').trim()})`;
    }
  }
  return `another process; lsof -nP -iTCP:${port} -sTCP:LISTEN says which`;
}
