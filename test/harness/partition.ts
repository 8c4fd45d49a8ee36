import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A network link that can go down. */
export interface Partition {
  /** `host:port`: what connects here is carried to the target. */
  readonly address: string;
  /** From now on nothing is carried either way; no connection is refused or closed, as when a cable is pulled. */
  cut(): void;
  /** Carries on, beginning with what was sent meanwhile, as TCP's retransmissions would. */
  heal(): void;
  close(): Promise<void>;
}

/** Puts a link before `target`. */
export async function startPartition(target: string): Promise<Partition> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  let down = false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    const far = dial(Number(port), host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk: Buffer) => other.write(chunk));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.end();
      });
      if (down) one.pause();
      else one.resume();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      down = true;
      for (const socket of sockets) socket.pause();
    },
    heal() {
      down = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
