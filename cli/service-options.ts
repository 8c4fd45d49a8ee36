import { dataOptions } from '../services/data/options.js';
import { commonOptions } from '../services/mesh/config/common-options.js';
import { environmentName, type Options } from '../services/mesh/config/option.js';
import type { ServiceName } from '../services/mesh/discovery/backend.js';
import { discoveryOptions } from '../services/mesh/discovery/options.js';
import { telemetryOptions } from '../services/mesh/telemetry/options.js';
import { registryOptions } from '../services/registry/options.js';
import { servingOptions } from '../services/serving/options.js';
import { trainingOptions } from '../services/training/options.js';

const common: Options = { ...commonOptions, ...discoveryOptions, ...telemetryOptions };

const own: Readonly<Record<ServiceName, Options>> = {
  data: dataOptions,
  training: trainingOptions,
  registry: registryOptions,
  serving: servingOptions,
};

/** Every option of every service. */
export const allOptions: Options = {
  ...common,
  'service.address': {
    type: 'string',
    default: '127.0.0.1:7401',
    help: `${commonOptions['service.address'].help} Training's default port is 7402, registry's 7403, serving's 7404.`,
  },
  ...Object.assign({}, ...Object.values(own)),
};

/** Whether a service has an option. */
export function hasOption(service: ServiceName, name: string): boolean {
  return Object.hasOwn(common, name) || Object.hasOwn(own[service], name);
}

/** Variables of the tools around the services, which are no options. */
const toolVariable = /^TENON_(?:DIST|ADDRESS_[A-Z]+|TEST_[A-Z_]+)$/;

/** The environment as services read it. */
export function optionEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !toolVariable.test(name)));
}

/** The variables that set options: what is passed on as flags is taken out of a child's environment. */
export const optionVariables: readonly string[] = ['TENON_CONFIG', ...Object.keys(allOptions).map(environmentName)];
