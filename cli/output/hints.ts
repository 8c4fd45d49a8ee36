import { TenonError } from '../../services/mesh/errors.js';
import { UsageError } from '../usage-error.js';

/** The verb that shows what a collection holds. */
const listVerbs: Readonly<Record<string, string>> = {
  datasets: 'tenon dataset list',
  models: 'tenon model list',
  jobs: 'tenon job list',
  deployments: 'tenon deployment list',
  estimators: 'tenon estimator list',
};

function variableOf({ facts }: TenonError): string {
  return `TENON_ADDRESS_${String(facts.service).toUpperCase()}`;
}

/** What to do next about an error; null where its message says it. */
export function hintFor(error: unknown): string | null {
  if (error instanceof UsageError) return error.hint;
  if (!(error instanceof TenonError)) return null;
  const { reason, facts, message } = error;
  switch (reason) {
    case 'DEPENDENCY_UNAVAILABLE':
      if (facts.address === undefined) return null;
      return `start the services with: tenon up. If they run elsewhere, set ${variableOf(error)} or --data-dir`;
    case 'METHOD_NOT_AVAILABLE':
      return facts.address === undefined ? null : `correct ${variableOf(error)}; tenon doctor shows who listens where`;
    case 'RESOURCE_NOT_FOUND': {
      const [collection = '', id, versions] = String(facts.name ?? message).split('/');
      if (versions === 'versions' && collection === 'models') return `see what there is with: tenon model show ${id}`;
      const verb = listVerbs[collection];
      return verb === undefined ? null : `see what there is with: ${verb}`;
    }
    case 'UNKNOWN_COLUMN':
      if (!message.startsWith('records[') || facts.column === undefined) return null;
      return `correct the name, or leave the column out with: --ignore ${facts.column}`;
    case 'EXPLANATION_UNSUPPORTED':
      return 'estimate it with --sampling';
    case 'DEPLOYMENT_NOT_READY':
      return 'tenon deployment list shows its state';
    case 'UNAUTHENTICATED':
      return 'put your token in a file and name it in TENON_CLIENT_TOKEN_FILE';
    default:
      return null;
  }
}
