import { execFile } from 'node:child_process';
import { connect } from 'node:http2';
import { promisify } from 'node:util';
import { MissingTool } from '../lib/missing-tool.js';

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

/**
 * Calls per second that `h2load` reaches with 64 calls in flight over 4 connections.
 * @throws MissingTool without h2load.
 * @throws Error if a call failed at the HTTP level.
 */
export async function callsPerSecond({ address, path, bodyFile }: LoadedCall, calls: number): Promise<number> {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = ['-n', `${calls}`, '-c', '4', '-m', '16', '-t', '1', '-d', bodyFile, ...given];
  const { stdout } = await run('h2load', [...args, `http://${address}${path}`], { maxBuffer: 2 ** 24 }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new MissingTool('h2load', 'Debian: apt-get install nghttp2-client') : error;
    },
  );
  const rate = /finished in [^,]+, ([\d.]+) req\/s/.exec(stdout)?.[1];
  const ok = /(\d+) succeeded, 0 failed, 0 errored/.exec(stdout)?.[1];
  if (rate === undefined || Number(ok) !== calls) throw new Error(`h2load did not succeed:\n${stdout}`);
  return Number(rate);
}

/** The `grpc-status` of one such call: h2load sees only HTTP 200. */
export async function grpcStatus({ address, path }: LoadedCall, body: Buffer): Promise<string> {
  const session = connect(`http://${address}`);
  try {
    return await new Promise<string>((resolve, reject) => {
      session.once('error', reject);
      const stream = session.request({ ...headers, ':method': 'POST', ':path': path });
      let found = '';
      const look = (fields: Record<string, unknown>) => {
        if (fields['grpc-status'] !== undefined) found = String(fields['grpc-status']);
      };
      stream.on('response', look);
      stream.on('trailers', look);
      stream.on('error', reject);
      stream.on('end', () => resolve(found));
      stream.resume();
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
