import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from '../telemetry/trace-context.js';
import type { Telemetry } from '../telemetry/types.js';

/** The part of telemetry that calls go through. */
export type CallTelemetry = Pick<Telemetry, 'serverCall' | 'clientCall'>;

const nothing = (): void => {};

/** Carries trace ids from hop to hop and records nothing: for clients outside a service. */
export const plainTelemetry: CallTelemetry = {
  serverCall(_method, traceparent) {
    const parent = parseTraceparent(traceparent);
    const trace = { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: parent?.sampled ?? false };
    return { trace, end: nothing };
  },
  clientCall(_method, _target, parent) {
    const trace = { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: parent?.sampled ?? false };
    return { traceparent: formatTraceparent(trace), end: nothing };
  },
};
