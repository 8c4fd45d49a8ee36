import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:http2';
import { promisify } from 'node:util';
import { MissingTool } from '../lib/missing-tool.js';
import { percentile } from '../lib/statistics.js';

const run = promisify(execFile);
const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': '20S' };

/** One unary call that is made again and again. */
export interface LoadedCall {
  /** `host:port` */
  address: string;
  /** `/package.Service/Method` */
  path: string;
  /** A file that holds the framed request. */
  bodyFile: string;
}

/** How many calls are made, and over how many connections how many at once. */
export interface Load {
  calls: number;
  connections: number;
  callsPerConnection: number;
}

/**
 * Calls per second that `h2load` reaches.
 * @throws MissingTool without h2load.
 * @throws Error if a call failed at the HTTP level.
 */
export async function callsPerSecond(call: LoadedCall, load: Load): Promise<number> {
  return await rateOf(call, load, []);
}

/** The same, and how many microseconds calls took: the middle one, and the one that 99 in 100 do not exceed. */
export async function rateAndLatency(
  call: LoadedCall,
  load: Load,
): Promise<{ rate: number; middle: number; slow: number }> {
  const log = `${call.bodyFile}.log`;
  await rm(log, { force: true });
  const rate = await rateOf(call, load, [`--log-file=${log}`]);
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  const latencies = lines.map((line) => Number(line.split('\t')[2]));
  return { rate, middle: percentile(latencies, 0.5), slow: percentile(latencies, 0.99) };
}

async function rateOf({ address, path, bodyFile }: LoadedCall, load: Load, options: string[]): Promise<number> {
  const { calls, connections, callsPerConnection } = load;
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const shape = ['-n', `${calls}`, '-c', `${connections}`, '-m', `${callsPerConnection}`, '-t', '1', '-d', bodyFile];
  const args = [...shape, ...options, ...given, `http://${address}${path}`];
  const { stdout } = await run('h2load', args, { maxBuffer: 2 ** 24 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new MissingTool('h2load', 'Debian: apt-get install nghttp2-client') : error;
  });
  const rate = /finished in [^,]+, ([\d.]+) req\/s/.exec(stdout)?.[1];
  const ok = /(\d+) succeeded, 0 failed, 0 errored/.exec(stdout)?.[1];
  if (rate === undefined || Number(ok) !== calls) throw new Error(`h2load did not succeed:\n${stdout}`);
  return Number(rate);
}

/** The `grpc-status` of one such call, which h2load does not see, and the message that came back. */
export async function answerOf(
  { address, path }: LoadedCall,
  body: Buffer,
): Promise<{ status: string; message: Buffer }> {
  const session = connect(`http://${address}`);
  try {
    return await new Promise((resolve, reject) => {
      session.once('error', reject);
      const stream = session.request({ ...headers, ':method': 'POST', ':path': path });
      let status = '';
      const parts: Buffer[] = [];
      const look = (fields: Record<string, unknown>) => {
        if (fields['grpc-status'] !== undefined) status = String(fields['grpc-status']);
      };
      stream.on('response', look);
      stream.on('trailers', look);
      stream.on('error', reject);
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => resolve({ status, message: Buffer.concat(parts).subarray(5) }));
      stream.end(body);
    });
  } finally {
    session.close();
  }
}

/** A gRPC message as it travels: a flag, the length, the bytes. */
export function framed(message: Buffer): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, 5);
  return frame;
}
