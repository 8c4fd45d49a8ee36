import type { TraceContext } from './trace-context.js';

/** A call that this process answers. */
export interface ServerSpan {
  readonly trace: TraceContext;
  /** Call once, when the call has ended: its status code and how long it took. */
  end(code: number, seconds: number): void;
}

/** A call that this process makes. */
export interface ClientSpan {
  /** The header to send with the call. */
  readonly traceparent: string;
  /** Call once, when the call has ended, with its status code. */
  end(code: number): void;
}

/**
 * What one process tells of its calls. It stands in the path of every call: nothing here throws, waits or grows
 * without bound, and no message, credential or metadata gets into a span.
 */
export interface Telemetry {
  /** A call arrived. `method` is its path, `/tenon.data.v1.DatasetService/GetDataset`. */
  serverCall(method: string, traceparent: string | undefined): ServerSpan;
  /** A call is made to `target`, one of few names, such as `registry`; `parent` is the call that causes it. */
  clientCall(method: string, target: string, parent?: TraceContext): ClientSpan;
  /** The metrics in Prometheus' text format; empty when they are off. */
  renderMetrics(): Promise<string>;
  /** Sends what waits, for a bounded time, and ends. */
  shutdown(): Promise<void>;
}
