import { Server, ServerCredentials } from '@grpc/grpc-js';

/** A collector that keeps what it is sent. */
export interface OtlpReceiver {
  /** `http://host:port` */
  readonly endpoint: string;
  readonly port: number;
  /** The encoded requests. */
  readonly batches: Buffer[];
  close(): void;
}

const pass = (bytes: Buffer) => bytes;

/** Starts one on a free port or on `port`. `hangs` takes calls and never answers. */
export async function startOtlpReceiver({ port = 0, hangs = false } = {}): Promise<OtlpReceiver> {
  const batches: Buffer[] = [];
  const server = new Server();
  const method = {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  server.addService(
    { export: method },
    {
      export(call: { request: Buffer }, answer: (error: null, value: Buffer) => void) {
        batches.push(call.request);
        if (!hangs) answer(null, Buffer.alloc(0));
      },
    },
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error === null ? resolve(actual) : reject(error),
    );
  });
  return { endpoint: `http://127.0.0.1:${bound}`, port: bound, batches, close: () => server.forceShutdown() };
}
