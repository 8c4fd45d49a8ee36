import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import { protoRoot } from '../../../proto/root.js';

/**
 * Reflection (v1 and v1alpha) of the named services and of health. The contracts are loaded once more for it, with the
 * spelling of the .proto files, in which people type requests.
 */
export function createReflection(serviceNames: readonly string[]): ReflectionService {
  const files = readdirSync(join(protoRoot, 'tenon'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .sort()
    .map((name) => `tenon/${name}`);
  const contracts = loadSync([...files, 'google/rpc/status.proto', 'google/rpc/error_details.proto'], {
    includeDirs: [protoRoot],
    keepCase: true,
  });
  const health = loadSync(healthProtoPath, { keepCase: true });
  return new ReflectionService({ ...contracts, ...health }, { services: [...serviceNames, 'grpc.health.v1.Health'] });
}
