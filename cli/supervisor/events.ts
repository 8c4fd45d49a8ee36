import type { ServiceName } from '../../services/mesh/discovery/backend.js';

/** What happens to the processes of a mesh; flat, so that it prints as one line. */
export type SupervisorEvent =
  | { event: 'listening'; service: ServiceName; address: string; pid: number }
  | { event: 'exited'; service: ServiceName; pid: number /** `code 1` or `signal SIGKILL` */; how: string }
  | { event: 'restarting'; service: ServiceName; afterMs: number }
  | { event: 'killed'; service: ServiceName; pid: number; why: string }
  | { event: 'stopped'; service: ServiceName };
