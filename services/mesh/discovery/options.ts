import { type Config, defineOptions } from '../config/option.js';

const consulOnly = { option: 'discovery.kind', is: ['consul'] };
const staticOnly = { option: 'discovery.kind', is: ['static'] };

/** How services find each other. */
export const discoveryOptions = defineOptions({
  'discovery.kind': {
    type: 'choice',
    default: 'static',
    choices: ['static', 'consul'],
    help: 'Where the addresses of the other services come from.',
  },
  'discovery.static.data': {
    type: 'list',
    default: ['127.0.0.1:7401'],
    help: 'Instances of data, host:port.',
    appliesWhen: staticOnly,
  },
  'discovery.static.training': {
    type: 'list',
    default: ['127.0.0.1:7402'],
    help: 'Instances of training, host:port.',
    appliesWhen: staticOnly,
  },
  'discovery.static.registry': {
    type: 'list',
    default: ['127.0.0.1:7403'],
    help: 'Instances of registry, host:port.',
    appliesWhen: staticOnly,
  },
  'discovery.static.serving': {
    type: 'list',
    default: ['127.0.0.1:7404'],
    help: 'Instances of serving, host:port.',
    appliesWhen: staticOnly,
  },
  'discovery.empty-grace': {
    type: 'duration',
    default: '30s',
    min: 0,
    max: 3_600_000,
    help: 'How long the last known instances are kept when the registry says that there are none.',
    appliesWhen: consulOnly,
  },
  'discovery.consul.address': {
    type: 'string',
    default: '127.0.0.1:8500',
    help: 'The agent, host:port or http(s)://host:port.',
    appliesWhen: consulOnly,
  },
  'discovery.consul.token': {
    type: 'string',
    default: '',
    secret: true,
    help: 'The ACL token; empty for none.',
    appliesWhen: consulOnly,
  },
  'discovery.consul.datacenter': {
    type: 'string',
    default: '',
    help: "The datacenter asked for instances; empty for the agent's own.",
    appliesWhen: consulOnly,
  },
  'discovery.consul.service-prefix': {
    type: 'string',
    default: 'tenon-',
    help: "Before each service's name in Consul.",
    appliesWhen: consulOnly,
  },
  'discovery.consul.check-interval': {
    type: 'duration',
    default: '2s',
    min: 500,
    max: 60_000,
    help: 'How often the agent asks our health service.',
    appliesWhen: consulOnly,
  },
  'discovery.consul.deregister-after': {
    type: 'duration',
    default: '10m',
    min: 60_000,
    max: 86_400_000,
    help: 'An instance that is critical for so long is removed by the agent.',
    appliesWhen: consulOnly,
  },
});

/** The values of these options. */
export type DiscoveryConfig = Config<typeof discoveryOptions>;
