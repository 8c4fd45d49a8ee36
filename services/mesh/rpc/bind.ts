import type { ServiceDefinition } from '@grpc/grpc-js';
import type { BytesHandler } from './bytes-handler.js';
import type { CallContext, Implementation } from './handler.js';
import type { AnyHandler, AnyMethod } from './wrap.js';

/** A method and what answers it. */
export interface BoundMethod {
  readonly method: AnyMethod;
  readonly handler: AnyHandler;
  /** Asked first where the method is unary and its request is not compressed; null where there is none. */
  readonly onBytes: BytesHandler | null;
}

/** A service and what implements it, ready to be served. */
export interface BoundService {
  /** `tenon.data.v1.DatasetService` */
  readonly name: string;
  readonly methods: readonly BoundMethod[];
}

/**
 * Binds an implementation to its contract: `bind<DatasetServiceHandlers>(datasetService, implementation)`.
 * @param onBytes what answers unary methods from bytes, by the handlers' names
 * @throws Error if a method of the contract has no handler.
 */
export function bind<Handlers>(
  definition: ServiceDefinition,
  implementation: Implementation<Handlers>,
  onBytes: { readonly [Method in keyof Implementation<Handlers>]?: BytesHandler } = {},
): BoundService {
  const given = implementation as Readonly<
    Record<string, ((input: never, context: CallContext) => unknown) | undefined>
  >;
  const methods = Object.entries(definition).map(([name, method]) => {
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const handler = given[key];
    if (handler === undefined) throw new Error(`no handler for ${method.path}`);
    return {
      method: method as AnyMethod,
      handler: handler.bind(implementation) as AnyHandler,
      onBytes: (onBytes as Readonly<Record<string, BytesHandler | undefined>>)[key] ?? null,
    };
  });
  const path = methods[0]?.method.path ?? '/';
  return { name: path.slice(1, path.indexOf('/', 1)), methods };
}
