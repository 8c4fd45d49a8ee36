import { Command } from 'commander';
import { allPages } from '../all-pages.js';
import { globalOptions, withClients } from '../connect.js';
import { followJob } from '../follow-job.js';
import { nameIn, shortName, showEnum, showTime } from '../output/format.js';
import { printJson } from '../output/json.js';
import { printFacts, printTable } from '../output/table.js';

const deadlineMs = 30_000;

function listCommand(): Command {
  return new Command('list')
    .description('list training jobs, newest first')
    .addHelpText('after', '\nExample:\n  $ tenon job list')
    .action((_options: unknown, command: Command) =>
      withClients(command, async ({ training }) => {
        const all = await allPages(async (page) => {
          const { jobs, nextPageToken } = await training.listJobs(page, { deadlineMs });
          return { items: jobs, nextPageToken };
        });
        if (globalOptions(command).json) return printJson(all);
        if (all.length === 0) return console.log('no jobs yet; tenon train starts one');
        printTable(
          ['job', 'state', 'created', 'version or error', 'data'],
          all.map(({ name, state, createTime, spec, result, error }) => [
            shortName(name),
            showEnum(state, 'STATE'),
            showTime(createTime),
            error?.message ?? shortName(result?.modelVersion ?? ''),
            shortName(spec?.datasetVersion ?? ''),
          ]),
        );
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('show where a job stands')
    .argument('<job>', 'the job')
    .addHelpText('after', '\nExample:\n  $ tenon job show job-1f8a4c5e2b907d36')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async ({ training }) => {
        const job = await training.getJob({ name: nameIn('jobs', id) }, { deadlineMs });
        if (globalOptions(command).json) return printJson(job);
        printFacts([
          ['name', job.name],
          ['state', showEnum(job.state, 'STATE')],
          ['done', `${Math.floor((job.progress?.fraction ?? 0) * 100)} %`],
          ['data', job.spec?.datasetVersion ?? '-'],
          ['target', job.spec?.target || '-'],
          ['estimator', job.spec?.estimator?.estimator ?? '-'],
          ['attempt', job.attempt],
          ['created', showTime(job.createTime)],
          ['started', showTime(job.startTime)],
          ['ended', showTime(job.endTime)],
          ['version', job.result?.modelVersion || '-'],
          ['error', job.error?.message ?? '-'],
        ]);
      }),
    );
}

function watchCommand(): Command {
  return new Command('watch')
    .description('follow a job to its end, as train does')
    .argument('<job>', 'the job')
    .addHelpText('after', '\nExample:\n  $ tenon job watch job-1f8a4c5e2b907d36')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async (clients) => {
        await followJob(clients, nameIn('jobs', id), globalOptions(command));
      }),
    );
}

function cancelCommand(): Command {
  return new Command('cancel')
    .description('ask a job to stop; nothing is registered then')
    .argument('<job>', 'the job')
    .addHelpText('after', '\nExample:\n  $ tenon job cancel job-1f8a4c5e2b907d36')
    .action((id: string, _options: unknown, command: Command) =>
      withClients(command, async ({ training }) => {
        const job = await training.cancelJob({ name: nameIn('jobs', id) }, { deadlineMs });
        if (globalOptions(command).json) printJson(job);
        else console.log(`${job.name} is ${showEnum(job.state, 'STATE')}`);
      }),
    );
}

/** `tenon job list|show|watch|cancel`. */
export function jobCommand(): Command {
  return new Command('job')
    .description('look at training jobs, follow and cancel them')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(watchCommand())
    .addCommand(cancelCommand());
}
