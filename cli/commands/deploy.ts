import { Command } from 'commander';
import type { Deployment__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn } from '../output/format.js';
import { printJson } from '../output/json.js';

const deadlineMs = 30_000;
const loadDeadlineMs = 600_000;

interface DeployOptions {
  name?: string;
  alias: string;
  version?: string;
}

/** `tenon deploy`: creates or changes a deployment and waits until it answers. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('keep a model version ready to predict, and wait until it is')
    .argument('<model>', 'the model')
    .option('--name <deployment>', "the deployment (default: the model's id)")
    .option('--alias <alias>', 'the alias to follow', 'production')
    .option('--version <number>', 'a fixed version instead of an alias')
    .action((id: string, options: DeployOptions, command: Command) =>
      withClients(command, async ({ deployments }) => {
        const model = nameIn('models', id);
        const name = nameIn('deployments', options.name ?? model.slice('models/'.length));
        const target =
          options.version === undefined
            ? { alias: `${model}/versions/@${options.alias}` }
            : { version: `${model}/versions/${options.version}` };
        try {
          await deployments.createDeployment({ deployment: { name, ...target } }, { deadlineMs });
        } catch (error) {
          if (!(error instanceof TenonError && error.reason === 'RESOURCE_EXISTS')) throw error;
          const paths = [options.version === undefined ? 'alias' : 'version'];
          await deployments.updateDeployment(
            { deployment: { name, ...target }, updateMask: { paths } },
            { deadlineMs },
          );
        }
        let last: Deployment__Output | null = null;
        for await (const { deployment } of deployments.watchDeployment({ name }, { deadlineMs: loadDeadlineMs })) {
          last = deployment;
          if (!deployment || deployment.error || (deployment.state === 'STATE_READY' && !deployment.loadingVersion))
            break;
        }
        if (globalOptions(command).json) printJson(last);
        if (last?.error) {
          const message = `${name}: ${last.error.message}`;
          throw new TenonError({ reason: 'MODEL_NOT_LOADABLE', message, facts: { name } });
        }
        if (!globalOptions(command).json) console.log(`${name} answers with ${last?.activeVersion}`);
      }),
    );
}
