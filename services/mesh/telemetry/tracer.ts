import { context, type Span, SpanKind, SpanStatusCode, trace as traceApi } from '@opentelemetry/api';
import type { Logger } from 'pino';

import type { TelemetryConfig } from './options.js';
import { createSpanQueue, type SpanCounts } from './span-queue.js';
import { newSpanId, type TraceContext } from './trace-context.js';

/** A recorded call. */
export interface RecordedSpan {
  readonly trace: TraceContext;
  end(code: number): void;
}

/** Records sampled calls and sends them to the collector. */
export interface Tracer {
  /**
   * Begins a span below `parent`, or the first one of the trace `traceId`. The caller has decided that it is sampled. Null while
   * the queue is full: a span that would be dropped costs nothing.
   */
  start(
    kind: 'server' | 'client',
    method: string,
    target: string,
    parent: TraceContext | null,
    traceId: string,
  ): RecordedSpan | null;
  readonly counts: Readonly<SpanCounts>;
  shutdown(): Promise<void>;
}

/** Codes that say that the server failed; the others are the caller's doing and no errors of a server span. */
const serverErrors: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);

/**
 * Loads the OpenTelemetry SDK, which is costly, and makes a provider of our own: nothing global is changed.
 * @throws Error if telemetry.otlp-endpoint is no http(s) address.
 */
export async function createTracer(parts: { service: string; config: TelemetryConfig; log: Logger }): Promise<Tracer> {
  const { service, config, log } = parts;
  const endpoint = config['telemetry.otlp-endpoint'];
  if (!URL.canParse(endpoint) || !/^https?:\/\/[^/]+\/?$/.test(endpoint)) {
    throw new Error(`telemetry.otlp-endpoint ${JSON.stringify(endpoint)} must be http(s)://host:port`);
  }
  const [{ tracing, resources }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-grpc'),
  ]);
  const timeoutMs = config['telemetry.export-timeout'];
  const queue = createSpanQueue({
    exporter: new OTLPTraceExporter({ url: endpoint, timeoutMillis: timeoutMs }),
    log,
    maxQueue: config['telemetry.queue-size'],
    intervalMs: config['telemetry.export-interval'],
    timeoutMs,
  });
  let nextTraceId = '';
  const provider = new tracing.BasicTracerProvider({
    sampler: new tracing.AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => nextTraceId, generateSpanId: newSpanId },
    // The process tells a training worker, or one of several replicas, from the others of its name.
    resource: resources.resourceFromAttributes({ 'service.name': `tenon-${service}`, 'process.pid': process.pid }),
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => queue.add(span),
        forceFlush: async () => {},
        shutdown: () => queue.close(),
      },
    ],
  });
  const tracer = provider.getTracer('tenon');
  const root = context.active(); // No context manager is installed, so this is the root context.

  return {
    counts: queue.counts,
    start(kind, method, target, parent, traceId) {
      if (!queue.hasRoom()) return null;
      nextTraceId = traceId;
      const parentContext =
        parent === null
          ? root
          : traceApi.setSpanContext(root, { ...parent, traceFlags: parent.sampled ? 1 : 0, isRemote: true });
      const name = method.startsWith('/') ? method.slice(1) : method;
      const [rpcService = '', rpcMethod = ''] = name.split('/');
      const span: Span = tracer.startSpan(
        name,
        {
          kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
          attributes: {
            'rpc.system': 'grpc',
            'rpc.service': rpcService,
            'rpc.method': rpcMethod,
            ...(target === '' ? {} : { 'server.address': target }),
          },
        },
        parentContext,
      );
      const { spanId } = span.spanContext();
      return {
        trace: { traceId, spanId, sampled: true },
        end(code) {
          span.setAttribute('rpc.grpc.status_code', code);
          if (kind === 'server' ? serverErrors.has(code) : code !== 0) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    shutdown: () => provider.shutdown(),
  };
}
