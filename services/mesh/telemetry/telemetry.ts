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
  const sampled = (parent: TraceContext | null) => parent?.sampled ?? Math.random() < ratio;

  return {
    serverCall(method, traceparent): ServerSpan {
      const parent = parseTraceparent(traceparent);
      const span = tracer !== null && sampled(parent) ? tracer.start('server', method, '', parent) : null;
      return {
        trace: span?.trace ?? continued(parent),
        end(code, seconds) {
          if (measuring) server.record(method, '', code, seconds);
          span?.end(code);
        },
      };
    },
    clientCall(method, target, parent): ClientSpan {
      const cause = parent ?? null;
      const span = tracer !== null && sampled(cause) ? tracer.start('client', method, target, cause) : null;
      const started = measuring ? performance.now() : 0;
      return {
        traceparent: formatTraceparent(span?.trace ?? continued(cause)),
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
