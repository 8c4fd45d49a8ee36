import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import { protoRoot } from '../../../proto/root.js';

/** The files of a `google.protobuf.FileDescriptorSet`: its only field, repeated, each with a varint length. */
function filesOf(set: Buffer): Buffer[] {
  const files: Buffer[] = [];
  for (let at = 0; at < set.length; ) {
    at += 1; // the tag of field 1
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set.readUInt8(at++);
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}

/** Reflection (v1 and v1alpha) of the named services and of health, from the generated descriptors. */
export function createReflection(serviceNames: readonly string[]): ReflectionService {
  const fileDescriptorProtos = filesOf(readFileSync(join(protoRoot, 'gen', 'descriptors.binpb')));
  // Of a package definition, reflection reads nothing but the descriptors of its files.
  const contracts = { contracts: { fileDescriptorProtos } } as unknown as PackageDefinition;
  const health = loadSync(healthProtoPath, { keepCase: true });
  return new ReflectionService({ ...contracts, ...health }, { services: [...serviceNames, 'grpc.health.v1.Health'] });
}
