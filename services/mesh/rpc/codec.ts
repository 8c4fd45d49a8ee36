import type { MethodDefinition } from '@grpc/proto-loader';
import { formatBytes } from '../config/parse-value.js';
import { TenonError } from '../errors.js';
import { checkWire, wireMessage } from './wire-check.js';

/** Between a server's messages and their bytes. */
export interface Codec {
  /** @throws TenonError UNDECODABLE_REQUEST */
  decode(bytes: Buffer): object;
  /** @throws TenonError BYTE_BUDGET_EXCEEDED if the message is larger than may be sent */
  encode(message: object): Buffer;
  /** @throws TenonError BYTE_BUDGET_EXCEEDED if so many bytes are more than may be sent */
  checkSize(bytes: number): void;
}

/** The codec of a method's requests (in) and responses (out). Requests live in the package of their service. */
export function createCodec(method: MethodDefinition<object, object>, maxMessageBytes: number): Codec {
  const { path, requestType, requestDeserialize, responseSerialize } = method;
  const packageName = path.slice(1, path.lastIndexOf('.', path.indexOf('/', 1)));
  const plan = wireMessage(`${packageName}.${(requestType.type as { name: string }).name}`);
  function checkSize(bytes: number): void {
    if (bytes <= maxMessageBytes) return;
    throw new TenonError({
      reason: 'BYTE_BUDGET_EXCEEDED',
      message: `the response of ${bytes} bytes exceeds rpc.max-message-bytes ${formatBytes(maxMessageBytes)}; ask for less`,
      facts: { bytes, max: maxMessageBytes },
    });
  }

  return {
    decode(bytes) {
      try {
        checkWire(bytes, plan);
        return requestDeserialize(bytes);
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new TenonError({ reason: 'UNDECODABLE_REQUEST', message: `the request cannot be decoded: ${detail}` });
      }
    },
    encode(message) {
      const bytes = responseSerialize(message);
      checkSize(bytes.length);
      return bytes;
    },
    checkSize,
  };
}
