import type { Deployment } from '../../proto/gen/tenon/serving/v1/index.js';
import { etagOf } from '../mesh/resource/etag.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import type { DeploymentRecord, Standing } from './deployment.js';
import { statusOf } from './errors.js';

/** The deployment's etag: it changes with every change of what was asked for. */
export function etagOfDeployment({ name, uid, revision }: DeploymentRecord): string {
  return etagOf([name, uid, revision]);
}

/** The deployment as the contract shows it. */
export function toDeployment(record: DeploymentRecord, standing: Standing): Deployment {
  const { target } = record;
  return {
    name: record.name,
    displayName: record.displayName,
    ...(target.kind === 'version' ? { version: target.name } : { alias: target.name }),
    state: standing.state,
    activeVersion: standing.activeVersion,
    loadingVersion: standing.loadingVersion,
    error: standing.error === null ? null : statusOf(standing.error),
    createTime: timestampOf(record.createMs),
    updateTime: timestampOf(Math.max(record.updateMs, standing.changedMs)),
    etag: etagOfDeployment(record),
  };
}
