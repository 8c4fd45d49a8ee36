import type {
  CreateJobRequest__Output,
  JobSpec__Output,
  WatchJobRequest__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { checkId, parseName } from '../mesh/resource/name.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import { importanceRepeatsOf } from './importance.js';
import { jobBoundsOf } from './job-bounds.js';
import {
  maxCandidateEntries,
  maxCandidates,
  maxDimensions,
  maxDisplayNameLength,
  maxFeatures,
  maxSeed,
  maxSteps,
  maxTestFraction,
} from './limits.js';
import { validationPlanOf } from './validation.js';

/** A CreateJob request of which everything is right that can be judged without the data. */
export interface CheckedJob {
  /** `jobs/{job}`, or empty for a generated name. */
  name: string;
  displayName: string;
  spec: JobSpec__Output;
  requestId: string;
}

/** Checks CreateJob. Throws INVALID_FIELD. */
export function checkCreateJob({ job, requestId }: CreateJobRequest__Output): CheckedJob {
  checkRequestId(requestId);
  if (job === null) throw invalidField('job', null, 'must be set');
  if (job.name !== '') parseName('jobs/{job}', job.name, 'job.name');
  checkText('job.display_name', job.displayName, { max: maxDisplayNameLength });
  if (job.spec === null) throw invalidField('job.spec', null, 'must be set');
  checkSpec(job.spec);
  return { name: job.name, displayName: job.displayName, spec: job.spec, requestId };
}

function checkSpec(spec: JobSpec__Output): void {
  const dataset = spec.datasetVersion.endsWith('/versions/latest')
    ? `${spec.datasetVersion.slice(0, -'latest'.length)}1`
    : spec.datasetVersion;
  parseName('datasets/{dataset}/versions/{version}', dataset, 'job.spec.dataset_version');
  checkTarget(spec);
  if (spec.features.length > maxFeatures) {
    throw invalidField('job.spec.features', spec.features.length, `columns must be <= ${maxFeatures}`);
  }
  const seen = new Set<string>();
  for (const [index, feature] of spec.features.entries()) {
    const field = `job.spec.features[${index}]`;
    if (spec.target !== '' && feature === spec.target) throw invalidField(field, feature, 'must not be the target');
    if (seen.has(feature)) throw invalidField(field, feature, 'must not be named twice');
    seen.add(feature);
  }
  if (spec.recipe !== '') {
    parseName('recipes/{recipe}', spec.recipe, 'job.spec.recipe');
    if (spec.steps.length > 0)
      throw invalidField('job.spec.recipe', spec.recipe, 'must be empty where steps are given');
  }
  if (spec.steps.length > maxSteps) {
    throw invalidField('job.spec.steps', spec.steps.length, `steps must be <= ${maxSteps}`);
  }
  checkChoice(spec);
  jobBoundsOf(spec);
  const plan = validationPlanOf(spec);
  if (plan?.kind === 'none' && isSearch(spec)) {
    throw invalidField(plan.field, 'none', 'must divide the rows, to choose between candidates');
  }
  checkText('job.spec.weight_column', spec.weightColumn, { max: 128 });
  if (spec.weightColumn !== '' && spec.weightColumn === spec.target) {
    throw invalidField('job.spec.weight_column', spec.weightColumn, 'must not be the target');
  }
  if (spec._testFraction !== undefined) {
    const share = spec.testFraction ?? 0;
    if (!(share >= 0 && share <= maxTestFraction)) {
      throw invalidField('job.spec.test_fraction', share, `must be 0 to ${maxTestFraction}`);
    }
  }
  importanceRepeatsOf(spec);
  if (!Number.isSafeInteger(spec.seed) || spec.seed < 0) {
    throw invalidField('job.spec.seed', spec.seed, `must be 0 to ${maxSeed}`);
  }
  parseName('models/{model}', spec.model, 'job.spec.model');
  if (spec.alias !== '') checkId('job.spec.alias', spec.alias);
  if (spec.alias === 'latest') throw invalidField('job.spec.alias', spec.alias, 'must not be latest');
}

const tasks = ['TASK_UNSPECIFIED', 'TASK_CLASSIFICATION', 'TASK_REGRESSION', 'TASK_CLUSTERING'];

/** Checks task and target, which clustering has none of, and what clustering cannot be validated by. */
function checkTarget(spec: JobSpec__Output): void {
  const { target, task } = spec;
  if (!tasks.includes(task)) {
    throw invalidField('job.spec.task', task, `must be unset or one of ${tasks.slice(1).join(', ')}`);
  }
  if (task !== 'TASK_CLUSTERING') {
    if (target === '') throw invalidField('job.spec.target', target, 'must be set unless task is TASK_CLUSTERING');
    checkText('job.spec.target', target, { min: 1, max: 128 });
    return;
  }
  if (target !== '') throw invalidField('job.spec.target', target, 'must be empty for TASK_CLUSTERING');
  const plan = validationPlanOf(spec);
  if (plan?.kind === 'leaveOneOut') {
    throw invalidField(plan.field, 'leave_one_out', 'must leave out several rows: one has no distance to others');
  }
}

/** Whether a spec leaves a choice to be made by validation. */
export function isSearch({ candidates, search }: Pick<JobSpec__Output, 'candidates' | 'search'>): boolean {
  return candidates.length > 0 || search !== null;
}

/** Checks what is to be fitted: one estimator, candidates, or an automatic search. */
function checkChoice({ estimator, candidates, search, metric, steps, recipe }: JobSpec__Output): void {
  const automatic = search?.strategy === 'automatic';
  if (candidates.length > maxCandidateEntries) {
    throw invalidField('job.spec.candidates', candidates.length, `candidates must be <= ${maxCandidateEntries}`);
  }
  if (estimator !== null && (automatic || candidates.length > 0)) {
    const instead = automatic ? 'search.automatic picks estimators' : 'there are candidates';
    throw invalidField('job.spec.estimator', estimator.estimator, `must be unset where ${instead}`);
  }
  if (automatic && candidates.length > 0) {
    throw invalidField('job.spec.candidates', candidates.length, 'candidates must be 0: search.automatic makes them');
  }
  if (estimator !== null) {
    parseName('estimators/{estimator}', estimator.estimator, 'job.spec.estimator.estimator');
    if (search !== null)
      throw invalidField('job.spec.search', search.strategy ?? null, 'must be unset without candidates');
    if (metric !== '') throw invalidField('job.spec.metric', metric, 'must be empty without candidates');
    return;
  }
  if (!automatic && candidates.length === 0) throw invalidField('job.spec.estimator', null, 'must be set');
  for (const [index, candidate] of candidates.entries()) {
    const field = `job.spec.candidates[${index}]`;
    if (candidate.estimator === null) throw invalidField(`${field}.estimator`, null, 'must be set');
    parseName('estimators/{estimator}', candidate.estimator.estimator, `${field}.estimator.estimator`);
    if (candidate.steps.length > maxSteps) {
      throw invalidField(`${field}.steps`, candidate.steps.length, `steps must be <= ${maxSteps}`);
    }
    if (candidate.space.length > maxDimensions) {
      throw invalidField(`${field}.space`, candidate.space.length, `dimensions must be <= ${maxDimensions}`);
    }
  }
  if (candidates.length > 0 && candidates.every((candidate) => candidate.steps.length > 0)) {
    if (steps.length > 0 || recipe !== '') {
      const given = steps.length > 0 ? 'job.spec.steps' : 'job.spec.recipe';
      throw invalidField(given, 'set', 'must be unset: every candidate has steps of its own');
    }
  }
  checkSearch(search);
}

function checkSearch(search: JobSpec__Output['search']): void {
  if (search === null) return;
  const whole = (field: string, value: number, low: number, high: number) => {
    if (value !== 0 && (value < low || value > high)) {
      throw invalidField(`job.spec.search.${field}`, value, `must be ${low} to ${high}, or 0 for the default`);
    }
  };
  whole('random.samples', search.random?.samples ?? 0, 1, maxCandidates);
  whole('halving.samples', search.halving?.samples ?? 0, 2, maxCandidates);
  whole('halving.factor', search.halving?.factor ?? 0, 2, 10);
  whole('halving.min_rows', search.halving?.minRows ?? 0, 10, maxSeed);
  whole('automatic.samples', search.automatic?.samples ?? 0, 2, maxCandidates);
  const { budget } = search;
  if (budget === null) return;
  whole('budget.max_candidates', budget.maxCandidates, 1, maxCandidates);
  for (const [name, seconds] of [
    ['max_seconds', budget.maxSeconds],
    ['max_cpu_seconds', budget.maxCpuSeconds],
  ] as const) {
    if (!(seconds >= 0 && Number.isFinite(seconds))) {
      throw invalidField(`job.spec.search.budget.${name}`, seconds, 'must be >= 0 and finite');
    }
  }
}

/** Checks WatchJob. Throws INVALID_FIELD. */
export function checkWatchJob({ name, afterSequence }: WatchJobRequest__Output): void {
  parseName('jobs/{job}', name, 'name');
  if (!Number.isSafeInteger(afterSequence) || afterSequence < 0) {
    throw invalidField('after_sequence', afterSequence, `must be 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
}
