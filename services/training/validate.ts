import type {
  CreateJobRequest__Output,
  JobSpec__Output,
  WatchJobRequest__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { checkId, parseName } from '../mesh/resource/name.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import {
  defaultFolds,
  maxDisplayNameLength,
  maxFeatures,
  maxFolds,
  maxSeed,
  maxSteps,
  maxTestFraction,
  minFolds,
} from './limits.js';

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
  checkText('job.spec.target', spec.target, { min: 1, max: 128 });
  if (spec.features.length > maxFeatures) {
    throw invalidField('job.spec.features', spec.features.length, `columns must be <= ${maxFeatures}`);
  }
  const seen = new Set<string>();
  for (const [index, feature] of spec.features.entries()) {
    const field = `job.spec.features[${index}]`;
    if (feature === spec.target) throw invalidField(field, feature, 'must not be the target');
    if (seen.has(feature)) throw invalidField(field, feature, 'must not be named twice');
    seen.add(feature);
  }
  if (!['TASK_UNSPECIFIED', 'TASK_CLASSIFICATION', 'TASK_REGRESSION'].includes(spec.task)) {
    throw invalidField('job.spec.task', spec.task, 'must be TASK_CLASSIFICATION, TASK_REGRESSION or unset');
  }
  if (spec.recipe !== '') {
    parseName('recipes/{recipe}', spec.recipe, 'job.spec.recipe');
    if (spec.steps.length > 0)
      throw invalidField('job.spec.recipe', spec.recipe, 'must be empty where steps are given');
  }
  if (spec.steps.length > maxSteps) {
    throw invalidField('job.spec.steps', spec.steps.length, `steps must be <= ${maxSteps}`);
  }
  if (spec.estimator === null) throw invalidField('job.spec.estimator', null, 'must be set');
  parseName('estimators/{estimator}', spec.estimator.estimator, 'job.spec.estimator.estimator');
  foldsOf(spec);
  if (spec._testFraction !== undefined) {
    const share = spec.testFraction ?? 0;
    if (!(share >= 0 && share <= maxTestFraction)) {
      throw invalidField('job.spec.test_fraction', share, `must be 0 to ${maxTestFraction}`);
    }
  }
  if (!Number.isSafeInteger(spec.seed) || spec.seed < 0) {
    throw invalidField('job.spec.seed', spec.seed, `must be 0 to ${maxSeed}`);
  }
  parseName('models/{model}', spec.model, 'job.spec.model');
  if (spec.alias !== '') checkId('job.spec.alias', spec.alias);
  if (spec.alias === 'latest') throw invalidField('job.spec.alias', spec.alias, 'must not be latest');
}

/**
 * How many folds a spec asks for, with the field that says so; 0 for no validation, and
 * the default where nothing is said. Throws INVALID_FIELD.
 */
export function foldsOf({ validation }: Pick<JobSpec__Output, 'validation'>): { folds: number; field: string } {
  if (validation === null) return { folds: defaultFolds, field: 'job.spec.validation' };
  if (validation.method === undefined) {
    throw invalidField('job.spec.validation', null, 'must be k_fold, stratified_k_fold or none');
  }
  if (validation.method === 'none') return { folds: 0, field: 'job.spec.validation.none' };
  const stratified = validation.method === 'stratifiedKFold';
  const field = `job.spec.validation.${stratified ? 'stratified_k_fold' : 'k_fold'}.folds`;
  const asked = (stratified ? validation.stratifiedKFold : validation.kFold)?.folds ?? 0;
  const folds = asked === 0 ? defaultFolds : asked;
  if (folds < minFolds || folds > maxFolds) {
    throw invalidField(field, asked, `must be ${minFolds} to ${maxFolds}, or 0 for ${defaultFolds}`);
  }
  return { folds, field };
}

/** Checks WatchJob. Throws INVALID_FIELD. */
export function checkWatchJob({ name, afterSequence }: WatchJobRequest__Output): void {
  parseName('jobs/{job}', name, 'name');
  if (!Number.isSafeInteger(afterSequence) || afterSequence < 0) {
    throw invalidField('after_sequence', afterSequence, `must be 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
}
