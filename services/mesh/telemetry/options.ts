import { type Config, defineOptions } from '../config/option.js';

const otlpOnly = { option: 'telemetry.traces', is: ['otlp'] };

/** What is measured and where it goes. */
export const telemetryOptions = defineOptions({
  'telemetry.traces': {
    type: 'choice',
    default: 'off',
    choices: ['off', 'otlp'],
    help: 'Whether spans are sent to a collector by OTLP over gRPC. Trace ids are passed on in either case.',
  },
  'telemetry.otlp-endpoint': {
    type: 'string',
    default: 'http://127.0.0.1:4317',
    help: 'The collector, http(s)://host:port.',
    appliesWhen: otlpOnly,
  },
  'telemetry.sample-ratio': {
    type: 'number',
    default: 0.1,
    min: 0,
    max: 1,
    help: 'The share of traces that is recorded, chosen by trace id, beside those that their caller records.',
    appliesWhen: otlpOnly,
  },
  'telemetry.queue-size': {
    type: 'integer',
    default: 2_048,
    min: 1,
    max: 100_000,
    help: 'Ended spans that wait for the collector; more are dropped and counted.',
    appliesWhen: otlpOnly,
  },
  'telemetry.export-interval': {
    type: 'duration',
    default: '1s',
    min: 10,
    max: 60_000,
    help: 'The longest a span waits before it is sent.',
    appliesWhen: otlpOnly,
  },
  'telemetry.export-timeout': {
    type: 'duration',
    default: '5s',
    min: 50,
    max: 60_000,
    help: 'A batch that the collector has not taken after this time is dropped and counted.',
    appliesWhen: otlpOnly,
  },
  'telemetry.metrics': {
    type: 'choice',
    default: 'off',
    choices: ['off', 'prometheus'],
    help: 'Whether calls are counted for /metrics of admin.address.',
  },
});

/** The values of these options. */
export type TelemetryConfig = Config<typeof telemetryOptions>;
