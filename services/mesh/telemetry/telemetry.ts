import type { Logger } from 'pino';

import { createCallMetrics } from './method-metrics.js';
import type { TelemetryConfig } from './options.js';
import { createPrometheusRenderer } from './prometheus.js';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent, type TraceContext } from './trace-context.js';
import { createTracer } from './tracer.js';
import type { ClientSpan, ServerSpan, Telemetry } from './types.js';

export type { TraceContext } from './trace-context.js';
export type { ClientSpan, ServerSpan, Telemetry } from './types.js';

/** What telemetry is made of. */
export interface TelemetryParts {
  /** `data`, `training`, `registry`, `serving`. */
  service: string;
  config: TelemetryConfig;
  log: Logger;
}

/** Passes trace ids on and records nothing; ids are made only when somebody looks. */
class UnrecordedServerSpan implements ServerSpan {
  readonly #traceparent: string | undefined;
  #trace: TraceContext | undefined;

  constructor(traceparent: string | undefined) {
    this.#traceparent = traceparent;
  }

  get trace(): TraceContext {
    this.#trace ??= continued(parseTraceparent(this.#traceparent));
    return this.#trace;
  }

  end(): void {}
}

function continued(parent: TraceContext | null | undefined): TraceContext {
  return { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: parent?.sampled ?? false };
}

const nothing = (): void => {};

const unrecorded: Telemetry = {
  serverCall: (_method, traceparent) => new UnrecordedServerSpan(traceparent),
  clientCall: (_method, _target, parent) => ({ traceparent: formatTraceparent(continued(parent)), end: nothing }),
  renderMetrics: async () => '',
  shutdown: async () => {},
};

/**
 * Makes this process's telemetry. The OpenTelemetry SDK is loaded only when something is on.
 * @throws Error if telemetry.otlp-endpoint is no http(s) address.
 */
export async function createTelemetry({ service, config, log }: TelemetryParts): Promise<Telemetry> {
  const measuring = config['telemetry.metrics'] === 'prometheus';
  if (config['telemetry.traces'] === 'off' && !measuring) return unrecorded;
  const tracer = config['telemetry.traces'] === 'otlp' ? await createTracer({ service, config, log }) : null;
  const ratio = config['telemetry.sample-ratio'];
  const server = createCallMetrics();
  const client = createCallMetrics();
  const sources = { service, server, client, spans: tracer?.counts ?? null };
  const render = measuring ? await createPrometheusRenderer(sources) : () => '';

  /**
   * The place of a call below its cause, and its span if it is recorded. Traces are chosen by their id, so that
   * services with the same ratio choose the same ones, also where the first caller records nothing and says so.
   */
  function begin(kind: 'server' | 'client', method: string, target: string, parent: TraceContext | null) {
    const place = continued(parent);
    if (tracer === null || !(place.sampled || shareOf(place.traceId) < ratio)) return { trace: place, span: null };
    const span = tracer.start(kind, method, target, parent, place.traceId);
    return { trace: span?.trace ?? { ...place, sampled: true }, span };
  }

  return {
    serverCall(method, traceparent): ServerSpan {
      const { trace, span } = begin('server', method, '', parseTraceparent(traceparent));
      return {
        trace,
        end(code, seconds) {
          if (measuring) server.record(method, '', code, seconds);
          span?.end(code);
        },
      };
    },
    clientCall(method, target, parent): ClientSpan {
      const { trace, span } = begin('client', method, target, parent ?? null);
      const started = measuring ? performance.now() : 0;
      return {
        traceparent: formatTraceparent(trace),
        end(code) {
          if (measuring) client.record(method, target, code, (performance.now() - started) / 1_000);
          span?.end(code);
        },
      };
    },
    renderMetrics: async () => render(),
    shutdown: async () => tracer?.shutdown(),
  };
}

/** Where a trace id lies between 0 and 1; its last digits are the random ones. */
function shareOf(traceId: string): number {
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32;
}
