import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** Sees a stream first; `next` hands it, with the headers as they then are, to grpc-js. */
export type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, next: () => void) => void;

/** What a listener that keeps a stream to itself owes to grpc-js. */
export interface StreamEvents {
  /** Counts a stream that `next` is not called for, so that its connection is not idle. */
  opened(stream: ServerHttp2Stream): void;
}

/**
 * Puts a listener in front of grpc-js's on every HTTP/2 server that the server has made. Call it after
 * `createConnectionInjector`. grpc-js offers no such place, so this reads its private map of servers; the version is pinned
 * and this refuses to start where the map or the listener are not as expected.
 */
export function streamEvents(server: Server, listener: StreamListener): StreamEvents {
  const onStreamOpened: unknown = Reflect.get(server, 'onStreamOpened');
  if (typeof onStreamOpened !== 'function') throw new Error('grpc-js does not count the streams of its sessions');
  const servers: unknown = Reflect.get(server, 'http2Servers');
  if (!(servers instanceof Map) || servers.size === 0) throw new Error('grpc-js keeps no map of HTTP/2 servers');
  for (const http2Server of servers.keys()) {
    if (!(http2Server instanceof EventEmitter)) throw new Error('grpc-js keeps HTTP/2 servers that are no emitters');
    const [original, ...others] = http2Server.listeners('stream');
    if (original === undefined || others.length > 0) throw new Error('grpc-js does not have one stream listener');
    http2Server.removeAllListeners('stream');
    http2Server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => {
      listener(stream, headers, () => Reflect.apply(original, http2Server, [stream, headers, ...rest]));
    });
  }
  return { opened: (stream) => Reflect.apply(onStreamOpened, server, [stream]) };
}
