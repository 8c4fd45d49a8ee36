import { createServer, type ServerResponse } from 'node:http';

/** How the agent answers health queries: as it should, or how. */
export type Mood = 'well' | 'error 500' | 'error 403' | 'no JSON' | 'no list' | 'hangs' | 'cuts' | 'no addresses';

/** An HTTP server that behaves like a Consul agent in whatever mood it is. */
export interface FakeAgent {
  readonly address: string;
  /** How many health queries came. */
  readonly queries: number;
  /** How many of them wait for a change now. */
  readonly waiting: number;
  /** Tells of these instances from now on, under `index` or the next one. */
  tell(addresses: string[], index?: number): void;
  /** From now on; those who wait are answered in the new mood. */
  become(mood: Mood): void;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startFakeAgent(): Promise<FakeAgent> {
  let mood: Mood = 'well';
  let index = 1;
  let known: string[] = [];
  let queries = 0;
  const waiting = new Set<ServerResponse>();

  function answer(response: ServerResponse): void {
    waiting.delete(response);
    const send = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-consul-index': `${index}` });
      response.end(body);
    };
    const entries = known.map((address) => {
      const [host, port] = address.split(':');
      return { Node: { Address: '127.0.0.1' }, Service: { ID: 'same', Address: host, Port: Number(port) } };
    });
    if (mood === 'well') send(200, JSON.stringify(entries));
    else if (mood === 'error 500') send(500, 'No cluster leader');
    else if (mood === 'error 403') send(403, 'Permission denied');
    else if (mood === 'no JSON') send(200, '<html>a proxy says hello</html>');
    else if (mood === 'no list') send(200, '{"error":"strange"}');
    else if (mood === 'no addresses') send(200, '[{"Service":{}},{},null]');
    else if (mood === 'cuts') response.destroy();
    // One that hangs is left alone.
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://agent');
    queries++;
    const seen = Number(url.searchParams.get('index') ?? 0);
    const blocks = mood === 'well' && seen > 0 && seen >= index;
    if (blocks) waiting.add(response);
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const answerAll = () => {
    for (const response of waiting) answer(response);
  };
  return {
    address: `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    get queries() {
      return queries;
    },
    get waiting() {
      return waiting.size;
    },
    tell(addresses, next = index + 1) {
      known = addresses;
      index = next;
      answerAll();
    },
    become(next) {
      mood = next;
      answerAll();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
