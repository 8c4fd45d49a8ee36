import type { Random } from '../../../native/validation/random.js';
import { createRandom } from '../../../native/validation/random.js';
import type { RecipeStep__Output } from '../../../proto/gen/tenon/data/v1/index.js';
import type { EstimatorSpec__Output, JobSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField, TenonError } from '../../mesh/errors.js';
import type { EstimatorInfo, ParameterValue } from '../estimators.js';
import { valueOfParameter } from '../estimators.js';
import { defaultAutomaticSamples, defaultHalvingSamples, defaultRandomSamples, maxCandidates } from '../limits.js';
import { type Dimension, dimensionOf } from './dimension.js';
import { withStepValue } from './parameter-path.js';

/** One combination to score, with nothing left open. */
export interface ConcreteCandidate {
  /** The place in `job.spec.candidates`. */
  readonly source: number;
  readonly estimator: EstimatorSpec__Output;
  readonly steps: readonly RecipeStep__Output[];
  /** What was varied, for messages: `max_depth=3, steps[0].min_max.upper=2`. */
  readonly combination: string;
}

interface Space {
  readonly source: number;
  readonly info: EstimatorInfo;
  readonly base: EstimatorSpec__Output;
  readonly steps: readonly RecipeStep__Output[];
  readonly dimensions: readonly Dimension[];
}

const drawsPerCandidate = 50; // A combination that was not new so often is taken for the last.

/**
 * The combinations of a search in the order in which they are scored. The same spec gives the same ones, so that they
 * are checked when a job is created and made again by its worker. `steps` of the candidates must be written out. Throws
 * INVALID_FIELD naming the candidate's place, and where there are too many.
 */
export function candidatesOf(spec: JobSpec__Output, catalogue: readonly EstimatorInfo[]): ConcreteCandidate[] {
  const spaces = spec.candidates.map((candidate, source): Space => {
    const field = `job.spec.candidates[${source}]`;
    const base = candidate.estimator ?? { estimator: '', parameters: {} };
    const info = catalogue.find(({ id }) => `estimators/${id}` === base.estimator);
    if (info === undefined)
      throw invalidField(`${field}.estimator.estimator`, base.estimator, 'must be a known estimator');
    const { steps } = candidate;
    const seen = new Set<string>();
    const dimensions = candidate.space.map((dimension, index) => {
      const { parameter } = dimension;
      const at = `${field}.space[${index}]`;
      if (seen.has(parameter)) throw invalidField(`${at}.parameter`, parameter, 'must not be varied twice');
      if (Object.hasOwn(base.parameters, parameter)) {
        throw invalidField(`${at}.parameter`, parameter, 'must not be among the estimator’s fixed parameters too');
      }
      seen.add(parameter);
      return dimensionOf(dimension, { estimator: info, steps }, at);
    });
    return { source, info, base, steps, dimensions };
  });
  const strategy = spec.search?.strategy ?? 'grid';
  if (strategy === 'grid') return grid(spaces);
  return drawnFrom(spaces, samplesOf(spec), { seed: spec.seed, defaultsFirst: strategy === 'automatic' });
}

function samplesOf({ search }: JobSpec__Output): number {
  switch (search?.strategy) {
    case 'random':
      return search.random?.samples || defaultRandomSamples;
    case 'halving':
      return search.halving?.samples || defaultHalvingSamples;
    default:
      return search?.automatic?.samples || defaultAutomaticSamples;
  }
}

function grid(spaces: readonly Space[]): ConcreteCandidate[] {
  for (const { source, dimensions } of spaces) {
    const index = dimensions.findIndex(({ values }) => values === null);
    if (index >= 0) {
      const field = `job.spec.candidates[${source}].space[${index}].range`;
      throw invalidField(field, 'range', 'must be a list in a grid; a range goes with random and halving search');
    }
  }
  const count = spaces.reduce((sum, { dimensions }) => sum + sizeOf(dimensions), 0);
  if (count > maxCandidates) {
    throw invalidField(
      'job.spec.candidates',
      count,
      `combinations must be <= ${maxCandidates}; search at random instead`,
    );
  }
  return spaces.flatMap((space) => {
    let combinations: ParameterValue[][] = [[]];
    for (const { values } of space.dimensions) {
      combinations = combinations.flatMap((before) => (values ?? []).map((value) => [...before, value]));
    }
    return combinations.map((values) => concrete(space, values));
  });
}

/** The number of combinations; infinite where an interval is among them. */
function sizeOf(dimensions: readonly Dimension[]): number {
  return dimensions.reduce((product, { values }) => product * (values?.length ?? Number.POSITIVE_INFINITY), 1);
}

/** Takes turns between the spaces until enough distinct combinations are drawn or none has another. */
function drawnFrom(
  spaces: readonly Space[],
  samples: number,
  { seed, defaultsFirst }: { seed: number; defaultsFirst: boolean },
): ConcreteCandidate[] {
  const random = createRandom(seed);
  const drawn: ConcreteCandidate[] = [];
  const open = spaces.map((space) => ({ space, seen: new Set<string>() }));
  if (defaultsFirst) {
    for (const { space } of open) drawn.push(concrete({ ...space, dimensions: [] }, []));
  }
  while (open.length > 0 && drawn.length < samples) {
    for (const turn of [...open]) {
      if (drawn.length >= samples) break;
      const values = another(turn.space, turn.seen, random);
      if (values === null) open.splice(open.indexOf(turn), 1);
      else drawn.push(concrete(turn.space, values));
    }
  }
  return drawn.slice(0, Math.max(samples, 1));
}

function another({ dimensions }: Space, seen: Set<string>, random: Random): ParameterValue[] | null {
  if (seen.size >= sizeOf(dimensions)) return null;
  for (let draw = 0; draw < drawsPerCandidate; draw++) {
    const values = dimensions.map((dimension) => dimension.draw(random));
    const key = JSON.stringify(values);
    if (seen.has(key)) continue;
    seen.add(key);
    return values;
  }
  return null;
}

function concrete(
  { source, info, base, steps, dimensions }: Space,
  values: readonly ParameterValue[],
): ConcreteCandidate {
  const parameters = { ...base.parameters };
  let changed = steps;
  const told: string[] = [];
  for (const [index, { parameter, step }] of dimensions.entries()) {
    const value = values[index] as ParameterValue;
    told.push(`${parameter}=${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`);
    if (step !== null) changed = withStepValue(changed, step, value);
    else {
      const type = info.parameters.find(({ name }) => name === parameter)?.type ?? 'double';
      parameters[parameter] = valueOfParameter({ type }, value);
    }
  }
  return { source, estimator: { estimator: base.estimator, parameters }, steps: changed, combination: told.join(', ') };
}

/** Says in an error of one combination which it was. */
export function ofCombination(error: unknown, { source, combination }: ConcreteCandidate): unknown {
  if (!(error instanceof TenonError) || combination === '') return error;
  const { reason, message, facts, violations } = error;
  const field = `job.spec.candidates[${source}].space`;
  const description = `${combination}: ${message}`;
  return new TenonError({
    reason,
    message: `${field}: ${description}`,
    facts: { ...facts, field },
    violations: [{ field, description }, ...violations],
    cause: error,
  });
}
