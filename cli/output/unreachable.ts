import { status } from '@grpc/grpc-js';
import type { ServiceName } from '../../services/mesh/discovery/backend.js';
import { TenonError } from '../../services/mesh/errors.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import type { Endpoints } from '../endpoints.js';

/** What grpc-js says when the call never left this machine. */
const notConnected = /No connection established|Name resolution failed|ECONNREFUSED/;

function causeOf(message: string): string {
  if (message.includes('ECONNREFUSED')) return 'nothing listens there';
  if (/ENOTFOUND|EAI_AGAIN|Name resolution/.test(message)) return 'the host name is not known';
  if (/Protocol error|Failed to connect/.test(message)) {
    return 'what listens there does not speak gRPC in plain text; for TLS set TENON_CLIENT_TLS_CA';
  }
  if (/certificate|altname/i.test(message)) return `TLS: ${/Error: ([^.]+)/.exec(message)?.[1] ?? message}`;
  const last = message.split('Last error: ').at(-1) ?? message;
  return last.replace(/^Error: /, '').replace(/\.? Resolution note: ?$/, '');
}

/** The service a method belongs to: `/tenon.data.v1.DatasetService/GetDataset` → `data`. */
function serviceOf(method: string): ServiceName | undefined {
  return /^\/tenon\.(data|training|registry|serving)\./.exec(method)?.[1] as ServiceName | undefined;
}

/**
 * A call that reached nobody, or the wrong service, as an error that says which address was tried and where it came
 * from; any other error as it is.
 */
export function explainFailure(error: unknown, endpoints: Endpoints): unknown {
  if (!(error instanceof RpcError)) return error;
  const service = serviceOf(error.method);
  if (service === undefined) return error;
  const { address, source } = endpoints[service];
  const facts = { service, address, source };
  if (error.code === status.UNAVAILABLE && notConnected.test(error.message)) {
    const message = `${service} does not answer on ${address} (from ${source}): ${causeOf(error.message)}`;
    return new TenonError({ reason: 'DEPENDENCY_UNAVAILABLE', message, facts, cause: error });
  }
  if (error.code === status.UNIMPLEMENTED && error.message.startsWith('there is no method')) {
    const message = `what listens on ${address} (from ${source}) is not the service ${service}`;
    return new TenonError({ reason: 'METHOD_NOT_AVAILABLE', message, facts, cause: error });
  }
  return error;
}
