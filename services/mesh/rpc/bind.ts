import type { ServiceDefinition } from '@grpc/grpc-js';
import type { CallContext, Implementation } from './handler.js';
import type { AnyHandler, AnyMethod } from './wrap.js';

/** A service and what implements it, ready to be served. */
export interface BoundService {
  /** `tenon.data.v1.DatasetService` */
  readonly name: string;
  readonly methods: readonly { method: AnyMethod; handler: AnyHandler }[];
}

/**
 * Binds an implementation to its contract: `bind<DatasetServiceHandlers>(datasetService, implementation)`.
 * @throws Error if a method of the contract has no handler.
 */
export function bind<Handlers>(definition: ServiceDefinition, implementation: Implementation<Handlers>): BoundService {
  const given = implementation as Readonly<
    Record<string, ((input: never, context: CallContext) => unknown) | undefined>
  >;
  const methods = Object.entries(definition).map(([name, method]) => {
    const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const handler = given[key];
    if (handler === undefined) throw new Error(`no handler for ${method.path}`);
    return { method: method as AnyMethod, handler: handler.bind(implementation) as AnyHandler };
  });
  const path = methods[0]?.method.path ?? '/';
  return { name: path.slice(1, path.indexOf('/', 1)), methods };
}
