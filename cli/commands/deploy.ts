import { Command, Option } from 'commander';
import type { Deployment__Output } from '../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { globalOptions, withClients } from '../connect.js';
import { nameIn } from '../output/format.js';
import { printJson } from '../output/json.js';
import { wholeNumber } from '../parse/numbers.js';

const deadlineMs = 30_000;
const loadDeadlineMs = 600_000;

interface DeployOptions {
  name?: string;
  alias: string;
  version?: number;
}

type Wanted = { name: string } & ({ alias: string } | { version: string });

async function createOrChange({ deployments }: Clients, deployment: Wanted): Promise<void> {
  try {
    await deployments.createDeployment({ deployment }, { deadlineMs });
  } catch (error) {
    if (!(error instanceof TenonError && error.reason === 'RESOURCE_EXISTS')) throw error;
    const paths = ['alias' in deployment ? 'alias' : 'version'];
    await deployments.updateDeployment({ deployment, updateMask: { paths } }, { deadlineMs });
  }
}

/** Waits until a deployment answers with what was asked for, or has failed to load it. */
async function settled({ deployments }: Clients, name: string): Promise<Deployment__Output | null> {
  let last: Deployment__Output | null = null;
  for await (const { deployment } of deployments.watchDeployment({ name }, { deadlineMs: loadDeadlineMs })) {
    last = deployment;
    if (!deployment || deployment.error || (deployment.state === 'STATE_READY' && !deployment.loadingVersion)) break;
  }
  return last;
}

/** `tenon deploy`: creates or changes a deployment and waits until it answers. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('keep a model version ready to predict, and wait until it is')
    .argument('<model>', 'the model')
    .option('--name <deployment>', "the deployment (default: the model's id)")
    .addOption(new Option('--alias <alias>', 'the alias to follow').default('production').conflicts('version'))
    .option('--version <number>', 'a fixed version instead of an alias', wholeNumber(1, 2_147_483_647))
    .addHelpText(
      'after',
      `
Examples:
  $ tenon deploy penguins                       # follows the alias production
  $ tenon deploy penguins --name canary --version 3`,
    )
    .action((id: string, options: DeployOptions, command: Command) =>
      withClients(command, async (clients) => {
        const model = nameIn('models', id);
        const name = nameIn('deployments', options.name ?? model.slice('models/'.length));
        const { version, alias } = options;
        const wanted =
          version === undefined
            ? { name, alias: `${model}/versions/@${alias}` }
            : { name, version: `${model}/versions/${version}` };
        await createOrChange(clients, wanted);
        const deployment = await settled(clients, name);
        if (deployment?.error) {
          const message = `${name}: ${deployment.error.message}`;
          throw new TenonError({ reason: 'MODEL_NOT_LOADABLE', message, facts: { name } });
        }
        if (globalOptions(command).json) printJson(deployment);
        else console.log(`${name} answers with ${deployment?.activeVersion}`);
      }),
    );
}
