import type { ServerHttp2Stream } from 'node:http2';
import type { TenonError } from '../errors.js';
import { encodeStatus, statusDetailsKey } from './status-details.js';

/** Ends a call on its HTTP/2 stream, where no handler has taken it over. Nothing more is read from it. */
export function sendTrailers(stream: ServerHttp2Stream, error: TenonError): void {
  if (stream.destroyed || stream.closed || stream.writableEnded) return;
  const { code, message, details } = encodeStatus(error);
  const trailers = {
    'grpc-status': String(code),
    'grpc-message': encodeURI(message),
    [statusDetailsKey]: details.toString('base64'),
  };
  if (stream.headersSent) {
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end();
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto', ...trailers }, { endStream: true });
  // grpc-js may hold the stream too, and come to answer later, for instance when what it decompresses is broken; a second
  // answer would throw where nobody catches. The stream itself is closed a little later: a reset sent now would overtake
  // the answer.
  stream.respond = () => {};
  stream.removeAllListeners('data');
  if (stream.readableFlowing !== null) stream.resume();
}
