import type { ServiceName } from '../services/mesh/discovery/backend.js';

/** Where a service listens, and what says so: `TENON_ADDRESS_DATA`, `.tenon/mesh.json`, `the default`. */
export interface Endpoint {
  address: string;
  source: string;
}

/** Where each service listens, and what says so. */
export type Endpoints = Record<ServiceName, Endpoint>;
