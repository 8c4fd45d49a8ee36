import { join } from 'node:path';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import { packageRoot } from '../../proto/root.js';

/** A span as a collector gets it. */
export interface ReceivedSpan {
  /** `service.name` of the process that sent it. */
  service: string;
  /** `process.pid` of that process. */
  pid: number;
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** Empty where the span begins its trace. */
  parentSpanId: string;
  name: string;
  kind: 'SPAN_KIND_SERVER' | 'SPAN_KIND_CLIENT';
  /** Nanoseconds since 1970; an end of 0 is a span that did not end. */
  start: bigint;
  end: bigint;
  /** What the span says of its call, 64-bit integers as text. */
  attributes: Record<string, string>;
}

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: string };
}
interface WireSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId: Buffer;
  name: string;
  kind: ReceivedSpan['kind'];
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
}
interface ExportRequest {
  resourceSpans: { resource: { attributes: KeyValue[] } | null; scopeSpans: { spans: WireSpan[] }[] }[];
}

const loaded = loadSync(join(packageRoot, 'test', 'fixtures', 'otlp-trace.proto'), {
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const exportRequest = loaded['otlp.ExportTraceServiceRequest'] as unknown as MessageTypeDefinition<
  ExportRequest,
  ExportRequest
>;

function valuesOf(attributes: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']));
}

/** The spans of exported batches, in the order received. */
export function spansIn(batches: readonly Buffer[]): ReceivedSpan[] {
  return batches.flatMap((batch) =>
    exportRequest.deserialize(batch).resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const process = valuesOf(resource?.attributes ?? []);
      return scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          service: process['service.name'] ?? '',
          pid: Number(process['process.pid']),
          traceId: span.traceId.toString('hex'),
          spanId: span.spanId.toString('hex'),
          parentSpanId: span.parentSpanId.toString('hex'),
          name: span.name,
          kind: span.kind,
          start: BigInt(span.startTimeUnixNano),
          end: BigInt(span.endTimeUnixNano),
          attributes: valuesOf(span.attributes),
        })),
      );
    }),
  );
}
