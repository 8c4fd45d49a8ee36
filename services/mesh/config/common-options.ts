import { defineOptions } from './option.js';

const hourMs = 3_600_000;

/** The options that every service has. */
export const commonOptions = defineOptions({
  'service.address': {
    type: 'string',
    default: '127.0.0.1:0',
    help: 'Where gRPC listens, host:port. Beyond loopback only with TLS and authentication.',
  },
  'data-dir': {
    type: 'string',
    default: '.tenon',
    help: 'Folder of all state; each service has its own folder below.',
  },
  'log.level': {
    type: 'choice',
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    help: 'The least severe log line written to stderr.',
  },
  'log.format': {
    type: 'choice',
    default: 'json',
    choices: ['json', 'pretty'],
    help: 'One JSON object per line, or one line for people.',
  },
  'rpc.max-deadline': {
    type: 'duration',
    default: '1h',
    min: 1_000,
    max: 24 * hourMs,
    help: 'The longest deadline granted; a longer one is shortened to it.',
  },
  'rpc.max-handlers': {
    type: 'integer',
    default: 256,
    min: 1,
    max: 100_000,
    help: 'Handlers that may run at once, counted until they end; health checks are exempt.',
  },
  'rpc.max-concurrent-streams': {
    type: 'integer',
    default: 1_000,
    min: 1,
    max: 100_000,
    help: 'Calls that one connection may have open at once.',
  },
  'rpc.max-message-bytes': {
    type: 'bytes',
    default: '64MiB',
    min: 1_024,
    max: 1_073_741_824,
    help: 'The largest message received or sent.',
  },
  'rpc.max-bytes-in-flight': {
    type: 'bytes',
    default: '512MiB',
    min: 65_536,
    max: 64 * 1_073_741_824,
    help: 'Bytes of requests held at once over all calls.',
  },
  'rpc.max-connections': {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    help: 'Connections open at once; more are closed.',
  },
  'rpc.max-connections-per-ip': {
    type: 'integer',
    default: 2_000,
    min: 1,
    max: 1_000_000,
    help: 'Connections open at once from one address.',
  },
  'rpc.max-connection-idle': {
    type: 'duration',
    default: '5m',
    min: 100,
    max: 24 * hourMs,
    help: 'A connection without calls is closed after this time.',
  },
  'rpc.max-connection-age': {
    type: 'duration',
    default: '30m',
    min: 100,
    max: 24 * hourMs,
    help: 'A connection takes no new calls after this time, give or take a tenth.',
  },
  'rpc.max-connection-age-grace': {
    type: 'duration',
    default: '1h',
    min: 100,
    max: 24 * hourMs,
    help: 'How long the calls of an aged connection may go on; not below rpc.max-deadline.',
  },
  'rpc.keepalive-time': {
    type: 'duration',
    default: '30s',
    min: 100,
    max: 24 * hourMs,
    help: 'A connection is asked for a sign of life after this time.',
  },
  'rpc.keepalive-timeout': {
    type: 'duration',
    default: '10s',
    min: 100,
    max: hourMs,
    help: 'How long the sign of life may take before the connection is closed.',
  },
  'drain.grace': {
    type: 'duration',
    default: '30s',
    min: 100,
    max: 50_000,
    help: 'The longest a stop takes; below the 60 s after which clients probe a silent connection.',
  },
  'drain.propagation': {
    type: 'duration',
    default: '2s',
    min: 0,
    max: 30_000,
    help: 'How long calls are still taken after discovery was told of the stop.',
    appliesWhen: { option: 'discovery.kind', is: ['consul'] },
  },
  'tls.cert': { type: 'string', default: '', help: 'PEM file of the certificate chain; empty for plain text.' },
  'tls.key': { type: 'string', default: '', help: 'PEM file of the private key.' },
  'tls.ca': {
    type: 'string',
    default: '',
    help: 'PEM file of the authorities of client certificates; when set, a certificate is required.',
  },
  'auth.mode': {
    type: 'choice',
    default: 'none',
    choices: ['none', 'token'],
    help: 'Whether calls must carry a bearer token.',
  },
  'auth.tokens-file': {
    type: 'string',
    default: '',
    help: 'File of lines `name sha256hex`, one per token; read again when it changes.',
    appliesWhen: { option: 'auth.mode', is: ['token'] },
  },
  'client.token-file': {
    type: 'string',
    default: '',
    help: 'File that holds the token sent to other services; empty for none.',
  },
  'client.tls-ca': {
    type: 'string',
    default: '',
    help: 'PEM file of the authorities of other services, whose certificates name data, training, …; empty for plain text.',
  },
  'client.tls-cert': { type: 'string', default: '', help: 'PEM file of the certificate shown to other services.' },
  'client.tls-key': { type: 'string', default: '', help: 'PEM file of the private key of client.tls-cert.' },
  'admin.address': {
    type: 'string',
    default: '',
    help: 'Loopback host:port of HTTP /healthz and /metrics; empty for none.',
  },
});

/** The type of the options that every service has. */
export type CommonOptions = typeof commonOptions;
