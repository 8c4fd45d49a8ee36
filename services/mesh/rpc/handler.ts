import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';

/** Who calls. */
export interface Identity {
  /** The name of the token or certificate; `anonymous` where authentication is off. */
  name: string;
}

/** What a handler knows of its call besides the message. */
export interface CallContext {
  /** The full method, `/tenon.data.v1.DatasetService/GetDataset`. */
  readonly method: string;
  /** The time at which the caller gives up, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborts when the caller cancels, the deadline passes or the server stops. Every wait and native call takes it. */
  readonly signal: AbortSignal;
  /** Who calls. */
  readonly identity: Identity;
  /** The W3C trace id, 32 hexadecimal digits; also in every log line. */
  readonly traceId: string;
  /** Logs with the method and trace id. */
  readonly log: Logger;
}

/** The method's shape, in promises and async iterables instead of grpc-js call objects. */
export type Handler<Raw> =
  Raw extends handleUnaryCall<infer Request, infer Response>
    ? (request: Request, context: CallContext) => Promise<Response> | Response
    : Raw extends handleServerStreamingCall<infer Request, infer Response>
      ? (request: Request, context: CallContext) => AsyncIterable<Response>
      : Raw extends handleClientStreamingCall<infer Request, infer Response>
        ? (requests: AsyncIterable<Request>, context: CallContext) => Promise<Response>
        : Raw extends handleBidiStreamingCall<infer Request, infer Response>
          ? (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<Response>
          : never;

/**
 * One function per method of a service, from its generated `…Handlers` type. A new method
 * in the contract fails to compile until it is here.
 */
export type Implementation<Handlers> = {
  [Method in keyof Handlers as string extends Method
    ? never
    : Method extends string
      ? Uncapitalize<Method>
      : never]: Handler<Handlers[Method]>;
};
