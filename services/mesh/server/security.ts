import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import type { CommonOptions } from '../config/common-options.js';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/option.js';
import { isLoopback, type ListenAddress } from './address.js';

type SecurityConfig = Pick<
  Config<CommonOptions>,
  'tls.cert' | 'tls.key' | 'tls.ca' | 'auth.mode' | 'auth.tokens-file' | 'service.address'
>;

function refuse(option: string, message: string): never {
  throw new ConfigError([{ source: option, option, message: `${option}: ${message}` }]);
}

/** Reads the PEM file that an option names. @throws ConfigError naming the option. */
export function readPem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    return refuse(option, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Refuses settings under which strangers could call.
 * @throws ConfigError naming the options.
 */
export function checkExposure(config: SecurityConfig, address: ListenAddress): void {
  if ((config['tls.cert'] === '') !== (config['tls.key'] === '')) {
    refuse('tls.cert', 'tls.cert and tls.key must be set together');
  }
  if (config['tls.ca'] !== '' && config['tls.cert'] === '') refuse('tls.ca', 'needs tls.cert and tls.key');
  if (config['auth.mode'] === 'token' && config['auth.tokens-file'] === '') {
    refuse('auth.tokens-file', 'must name a file while auth.mode is token');
  }
  if (isLoopback(address.host)) return;
  const missing = [
    ...(config['tls.cert'] === '' ? ['TLS (tls.cert, tls.key)'] : []),
    ...(config['auth.mode'] === 'none' && config['tls.ca'] === ''
      ? ['authentication (auth.mode=token, or tls.ca for client certificates)']
      : []),
  ];
  if (missing.length > 0) {
    refuse(
      'service.address',
      `${config['service.address']} is reachable from other machines and needs ${missing.join(' and ')}`,
    );
  }
}

/** What the server shows and asks for at the handshake. @throws ConfigError if a file cannot be used. */
export function serverCredentials(config: SecurityConfig): ServerCredentials {
  if (config['tls.cert'] === '') return ServerCredentials.createInsecure();
  const pair = {
    cert_chain: readPem('tls.cert', config['tls.cert']),
    private_key: readPem('tls.key', config['tls.key']),
  };
  const authorities = config['tls.ca'] === '' ? null : readPem('tls.ca', config['tls.ca']);
  try {
    return ServerCredentials.createSsl(authorities, [pair], authorities !== null);
  } catch (error) {
    return refuse('tls.cert', error instanceof Error ? error.message : String(error));
  }
}
