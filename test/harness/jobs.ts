import type { Job__Output, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';

const call = { deadlineMs: 120_000 };

/** The job once it has come to an end, whichever. */
export async function endOf({ training }: Pick<Clients, 'training'>, name: string): Promise<Job__Output> {
  for await (const _ of training.watchJob({ name }, call));
  return await training.getJob({ name }, call);
}

/** The same; rejects unless it succeeded. */
export async function succeeded(clients: Pick<Clients, 'training'>, name: string): Promise<Job__Output> {
  const job = await endOf(clients, name);
  if (job.state !== 'STATE_SUCCEEDED') throw new Error(job.error?.message);
  return job;
}

/** Trains by that spec; rejects unless the job succeeds. */
export async function trained(clients: Pick<Clients, 'training'>, spec: JobSpec): Promise<Job__Output> {
  const { name } = await clients.training.createJob({ job: { spec } }, call);
  return await succeeded(clients, name);
}
