import { readFileSync } from 'node:fs';
import { type ChannelCredentials, type ChannelOptions, Client, credentials } from '@grpc/grpc-js';
import {
  datasetService,
  deploymentService,
  predictionService,
  recipeService,
  registryService,
  trainingService,
} from '../../../proto/contracts.js';
import type {
  DatasetServiceDefinition,
  DatasetServiceHandlers,
  RecipeServiceDefinition,
  RecipeServiceHandlers,
} from '../../../proto/gen/tenon/data/v1/index.js';
import type { RegistryServiceDefinition, RegistryServiceHandlers } from '../../../proto/gen/tenon/registry/v1/index.js';
import type {
  DeploymentServiceDefinition,
  DeploymentServiceHandlers,
  PredictionServiceDefinition,
  PredictionServiceHandlers,
} from '../../../proto/gen/tenon/serving/v1/index.js';
import type { TrainingServiceDefinition, TrainingServiceHandlers } from '../../../proto/gen/tenon/training/v1/index.js';
import type { CommonOptions } from '../config/common-options.js';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/option.js';
import { type ClientParts, makeClient, type ServiceClient } from './client.js';
import { type CallTelemetry, plainTelemetry } from './plain-telemetry.js';
import { serviceConfig } from './retry-safety.js';

/** The services that can be called. */
export type ServiceName = 'data' | 'training' | 'registry' | 'serving';

/** Typed clients of every service. */
export interface Clients {
  readonly datasets: ServiceClient<DatasetServiceHandlers, DatasetServiceDefinition>;
  readonly recipes: ServiceClient<RecipeServiceHandlers, RecipeServiceDefinition>;
  readonly training: ServiceClient<TrainingServiceHandlers, TrainingServiceDefinition>;
  readonly registry: ServiceClient<RegistryServiceHandlers, RegistryServiceDefinition>;
  readonly deployments: ServiceClient<DeploymentServiceHandlers, DeploymentServiceDefinition>;
  readonly predictions: ServiceClient<PredictionServiceHandlers, PredictionServiceDefinition>;
  /** Closes the channels; calls under way end. */
  close(): Promise<void>;
}

/** Where and how the services are called. */
export interface ClientsParts {
  /** `host:port` or another grpc target of each service that will be called. */
  targets: Readonly<Partial<Record<ServiceName, string>>>;
  /** Added to the defaults, over which they win. */
  channelOptions?: ChannelOptions;
  /** Default: plain text. */
  credentials?: ChannelCredentials;
  /** Sent with every call. Default: none. */
  token?: string;
  /** Default: trace ids are passed on, nothing is recorded. */
  telemetry?: CallTelemetry;
  /** The largest message received, in bytes. Default 64 MiB. */
  maxMessageBytes?: number;
}

/**
 * Every channel's options. The keepalive stays above the longest drain: a client that probes a server which has said
 * goodbye cuts its own calls.
 */
function channelDefaults(maxMessageBytes: number): ChannelOptions {
  return {
    'grpc.enable_channelz': 0,
    'grpc.service_config': serviceConfig(),
    'grpc.service_config_disable_resolution': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': -1,
  };
}

/** Makes clients with one channel per service, opened at its first call. */
export function createClients(parts: ClientsParts): Clients {
  const { targets, telemetry = plainTelemetry, token, maxMessageBytes = 67_108_864 } = parts;
  const channels = new Map<ServiceName, Client>();
  let closed = false;
  const defaults = channelDefaults(maxMessageBytes);
  const options = { ...defaults, ...parts.channelOptions, 'grpc.service_config': defaults['grpc.service_config'] };

  function partsOf(service: ServiceName): ClientParts {
    return {
      telemetry,
      target: service,
      authorization: token === undefined ? null : `Bearer ${token}`,
      channel() {
        if (closed) throw new Error(`the clients are closed; ${service} cannot be called`);
        let channel = channels.get(service);
        if (channel === undefined) {
          const target = targets[service];
          if (target === undefined) throw new Error(`no target is known for the service ${service}`);
          channel = new Client(target, parts.credentials ?? credentials.createInsecure(), options);
          channels.set(service, channel);
        }
        return channel;
      },
    };
  }

  const data = partsOf('data');
  const serving = partsOf('serving');
  return {
    datasets: makeClient<DatasetServiceHandlers, DatasetServiceDefinition>(datasetService, data),
    recipes: makeClient<RecipeServiceHandlers, RecipeServiceDefinition>(recipeService, data),
    training: makeClient<TrainingServiceHandlers, TrainingServiceDefinition>(trainingService, partsOf('training')),
    registry: makeClient<RegistryServiceHandlers, RegistryServiceDefinition>(registryService, partsOf('registry')),
    deployments: makeClient<DeploymentServiceHandlers, DeploymentServiceDefinition>(deploymentService, serving),
    predictions: makeClient<PredictionServiceHandlers, PredictionServiceDefinition>(predictionService, serving),
    async close() {
      closed = true;
      for (const channel of channels.values()) channel.close();
    },
  };
}

type ClientConfig = Pick<
  Config<CommonOptions>,
  'client.token-file' | 'client.tls-ca' | 'client.tls-cert' | 'client.tls-key' | 'rpc.max-message-bytes'
>;

/**
 * How the configuration says that other services are called.
 * @throws ConfigError if a file cannot be read, or certificate and key are not set together.
 */
export function clientSecurity(config: ClientConfig): Pick<ClientsParts, 'credentials' | 'token' | 'maxMessageBytes'> {
  const refuse = (option: string, message: string): never => {
    throw new ConfigError([{ source: option, option, message: `${option}: ${message}` }]);
  };
  const read = (option: 'client.token-file' | 'client.tls-ca' | 'client.tls-cert' | 'client.tls-key') => {
    if (config[option] === '') return null;
    try {
      return readFileSync(config[option]);
    } catch (error) {
      return refuse(option, error instanceof Error ? error.message : String(error));
    }
  };
  const token = read('client.token-file')?.toString('utf8').trim();
  if (token !== undefined && !/^[\x21-\x7e]{1,4096}$/.test(token)) {
    refuse('client.token-file', 'must hold one token without spaces, at most 4096 characters');
  }
  const [authorities, key, cert] = [read('client.tls-ca'), read('client.tls-key'), read('client.tls-cert')];
  if ((key === null) !== (cert === null))
    refuse('client.tls-cert', 'client.tls-cert and client.tls-key must be set together');
  if (cert !== null && authorities === null) refuse('client.tls-cert', 'has no effect without client.tls-ca');
  return {
    credentials: authorities === null ? credentials.createInsecure() : credentials.createSsl(authorities, key, cert),
    maxMessageBytes: config['rpc.max-message-bytes'],
    ...(token === undefined ? {} : { token }),
  };
}
