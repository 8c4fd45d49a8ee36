import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import { decodeStatus, type ReadStatus } from '../../services/mesh/rpc/status-details.js';

/** What came back on one stream. */
export interface RawAnswer extends ReadStatus {
  /** grpc-status; null if the stream ended without one. */
  code: number | null;
  message: string;
  /** Everything received, prefixes included. */
  body: Buffer;
  /** How the stream was reset; 0 if it was not. */
  rstCode: number;
}

const sockets = new WeakMap<ClientHttp2Session, Socket>();

/** A raw HTTP/2 connection. */
export function connectRaw(address: string): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const [host, port] = address.split(':');
    const socket = createConnection(Number(port), host);
    // What waits to be sent counts as session memory; at the default of 10 MB answers would be refused on this side.
    const session = connect(`http://${address}`, { createConnection: () => socket, maxSessionMemory: 4_096 });
    sockets.set(session, socket);
    session.once('error', reject);
    session.once('connect', () => {
      session.off('error', reject);
      session.on('error', () => {});
      resolve(session);
    });
  });
}

/** Breaks a connection. `session.destroy()` spins for ever in Node 20 while a stream waits for the flow control window. */
export function cutRaw(session: ClientHttp2Session): void {
  sockets.get(session)?.destroy();
}

/** A gRPC message with its prefix. */
export function framed(message: Uint8Array, compressed = 0): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt8(compressed, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** Opens a stream with the headers of a gRPC call; nothing is sent yet. */
export function openRaw(session: ClientHttp2Session, path: string, headers: Record<string, string>): ClientHttp2Stream {
  const stream = session.request(
    { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers },
    { endStream: false },
  );
  stream.on('error', () => {});
  return stream;
}

/** Waits for the end of a stream. */
export function answerOf(stream: ClientHttp2Stream): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let headers: IncomingHttpHeaders = {};
    const body: Buffer[] = [];
    stream.on('response', (given) => {
      headers = { ...headers, ...given };
      // An answer without messages is over, though a stream that waits to send does not close.
      if (given['grpc-status'] !== undefined) finish();
    });
    stream.on('trailers', (given) => {
      headers = { ...headers, ...given };
    });
    stream.on('data', (chunk: Buffer) => body.push(chunk));
    const finish = () => {
      const bytes = headers['grpc-status-details-bin'];
      const details = typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : undefined;
      const code = headers['grpc-status'];
      resolve({
        ...decodeStatus(details),
        code: code === undefined ? null : Number(code),
        message: decodeURI(String(headers['grpc-message'] ?? '')),
        body: Buffer.concat(body),
        rstCode: stream.rstCode ?? 0,
      });
    };
    stream.once('close', finish);
  });
}

/** One whole unary call on a connection of its own. */
export async function callRaw(
  address: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer = framed(Buffer.alloc(0)),
): Promise<RawAnswer> {
  const session = await connectRaw(address);
  try {
    const stream = openRaw(session, path, headers);
    const answer = answerOf(stream);
    stream.end(body);
    return await answer;
  } finally {
    cutRaw(session);
  }
}
