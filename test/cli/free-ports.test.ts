import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { freePorts } from '../../cli/supervisor/free-ports.js';

test('ports are distinct, free, and none that the system gives to connections', async (t) => {
  const ports = await freePorts(50);
  t.is(new Set(ports).size, 50);
  for (const port of ports) {
    t.true(port >= 20_000 && port < 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  }
});
