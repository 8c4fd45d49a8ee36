import type { BundledModel, BundleFile, ScoringModel } from '../../../native/bundle/bundle.js';
import { writeBundle } from '../../../native/bundle/bundle.js';
import { parityFromJSON } from '../../../native/bundle/parity.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import type { Metric } from '../../../native/metrics/metric.js';
import { summarizeMetrics } from '../../../native/metrics/metric.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { writeSafetensors } from '../../../native/safetensors.js';
import type { Table } from '../../../native/table/table.js';
import type { OptimizeSpec__Output, Variant__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField, TenonError } from '../../mesh/errors.js';
import { featureShares } from '../feature-shares.js';
import { emptyResult } from '../job.js';
import type { ProgressMeter } from '../progress.js';
import type { PublishedFile } from '../publication.js';
import { type FetchedVersion, scoringOf } from '../remote-version.js';
import { dividingColumn, validationPlanOf } from '../validation.js';
import type { Trained, WorkerJob } from '../worker-protocol.js';
import type { Evaluation } from './evaluation.js';
import { evaluationOf } from './evaluation.js';
import { methodNamed, nameOfMethod } from './methods.js';
import { costOf, isBetterChoice, isGain, isWithin, nearestMiss, withPareto } from './pick.js';
import { type Times, timeInTurns } from './timing.js';

/** What an optimization stands on besides its job. */
export interface OptimizeParts {
  /** Reads these columns of the job's dataset version. */
  readTable(columns: readonly string[]): Promise<Table>;
  fetchVersion(name: string): Promise<FetchedVersion>;
  /** Stores a file in the registry. */
  upload(file: BundleFile): Promise<PublishedFile>;
  meter: ProgressMeter;
  /** All variants measured so far, the original first. */
  onVariants(variants: Variant__Output[]): void;
  signal: AbortSignal;
}

/** A variant that may be registered. */
interface Choice {
  told: Variant__Output;
  file: ModelFile;
  metrics: Metric[];
}

/**
 * Measures variants of a version on the rows that its job held out, and uploads the best within
 * the bound. Rejects with BUDGET_NOT_MET if none is, MODEL_NOT_LOADABLE if the version is none that
 * can be read, or the signal's reason.
 */
export async function optimize(job: WorkerJob, spec: OptimizeSpec__Output, parts: OptimizeParts): Promise<Trained> {
  const { meter } = parts;
  meter.enter('STAGE_READING');
  const { version, files } = await parts.fetchVersion(spec.modelVersion);
  const scoring = await scoringOf(files, version.name);
  try {
    const columns = new Set([...job.spec.features, job.spec.target, job.spec.weightColumn]);
    columns.add(dividingColumn(validationPlanOf(job.spec)));
    columns.delete('');
    const evaluation = evaluationOf(job.spec, await parts.readTable([...columns]), scoring);
    meter.enter('STAGE_OPTIMIZING');
    const weights = files.find(({ path }) => path === 'weights.safetensors')?.bytes.length ?? 0;
    const { variants, best } = await search(spec, { original: scoring.model, sizeBytes: weights, evaluation }, parts);
    const told = withPareto(variants).map((each, index) => ({ ...each, chosen: variants[index] === best?.told }));
    parts.onVariants(told);
    if (best === null) throw budgetNotMet(spec, told.slice(1));
    meter.enter('STAGE_REGISTERING');
    const uploaded = await publish(files, { scoring, file: best.file }, parts);
    const metrics = summarizeMetrics([best.metrics]);
    const { lineage } = version;
    return {
      publication: {
        description: descriptionOf(job, spec, [variants[0], best.told]),
        signature: version.signature as NonNullable<typeof version.signature>,
        files: uploaded.files,
        metrics,
        lineage: {
          datasetVersion: lineage?.datasetVersion ?? '',
          datasetDigest: lineage?.datasetDigest ?? '',
          job: job.name,
          estimator: lineage?.estimator ?? '',
          parametersJson: lineage?.parametersJson ?? '',
          seed: lineage?.seed ?? 0,
          isa: lineage?.isa ?? '',
          tenonVersion: lineage?.tenonVersion ?? '',
          parentVersion: version.name,
          optimization: best.told.description,
        },
      },
      result: {
        ...emptyResult(),
        testMetrics: metrics,
        testRows: evaluation.rowCount,
        ...featureShares(scoring.recipe.data, uploaded.importances),
        variants: told,
      },
    };
  } finally {
    scoring.dispose();
  }
}

/**
 * Refuses methods that need what the model lacks. Where all are named, as where none was asked for, those that can are
 * used. Throws INVALID_FIELD.
 */
function checkMethods(
  asked: OptimizeSpec__Output['methods'],
  original: Model,
  maker: ReturnType<typeof variantsOf>,
): void {
  if (maker?.lacking === undefined || asked.length === maker.methods.length) return;
  const lacking = maker.lacking(original);
  for (const [index, name] of asked.entries()) {
    const method = methodNamed(name);
    const need = method === undefined ? undefined : lacking.get(method);
    if (need !== undefined) throw invalidField(`methods[${index}]`, name, need);
  }
}

async function search(
  spec: OptimizeSpec__Output,
  { original, sizeBytes, evaluation }: { original: Model; sizeBytes: number; evaluation: Evaluation },
  { meter, onVariants, signal }: OptimizeParts,
): Promise<{ variants: Variant__Output[]; best: Choice | null }> {
  const { features, calibrationRows, trainingRows } = evaluation;
  const decidingOf = (metrics: readonly Metric[]) => {
    const metric = metrics.find(({ name }) => name === spec.metric);
    if (metric !== undefined) return metric;
    const message = `metric: ${spec.metric} is not defined on the ${evaluation.rowCount} rows to measure on`;
    throw new TenonError({ reason: 'INVALID_FIELD', message, facts: { field: 'metric', metric: spec.metric } });
  };
  const maker = variantsOf(original.estimator);
  checkMethods(spec.methods, original, maker);
  const reference = decidingOf(await evaluation.measure(original, signal));
  const [, warm] = await timeInTurns([original, original], features, signal);
  const first = { times: warm, against: warm, value: reference.value, sizeBytes, loss: 0 };
  const variants = [toldOf({ description: 'original', methods: [] }, first)];
  let best: Choice | null = null;

  const methods = new Set(spec.methods.flatMap((name) => methodNamed(name) ?? []));
  for await (const { description, methods: used, file } of maker?.variants(original, {
    methods,
    calibrationRows,
    trainingRows,
    signal,
  }) ?? []) {
    signal.throwIfAborted();
    const model = loadModel(file);
    try {
      const metrics = await evaluation.measure(model, signal);
      const { value } = decidingOf(metrics);
      const loss = reference.higherIsBetter ? reference.value - value : value - reference.value;
      const [against, times] = await timeInTurns([original, model], features, signal);
      const bytes = writeSafetensors(file).length;
      const told = toldOf(
        { description, methods: used.map(nameOfMethod) },
        { times, against, value, loss, sizeBytes: bytes },
      );
      variants.push(told);
      if (isBetterChoice(told, best?.told ?? null, spec.objective)) best = { told, file, metrics };
    } finally {
      model.dispose();
    }
    onVariants([...variants]);
    // How many are to come is known only to the maker: each takes a part of what is left.
    meter.step(variants.length, variants.length + 8);
  }
  return { variants, best };

  function toldOf(
    what: Pick<Variant__Output, 'description' | 'methods'>,
    found: { times: Times; against: Times; value: number; loss: number; sizeBytes: number },
  ): Variant__Output {
    const { times, against, value, loss } = found;
    return {
      ...what,
      value,
      loss,
      sizeBytes: found.sizeBytes,
      ...times,
      sizeRatio: found.sizeBytes / sizeBytes,
      timeRatio: times.rowSeconds / against.rowSeconds,
      pareto: false,
      withinBudget: isWithin(loss, spec.maxLoss),
      chosen: false,
    };
  }
}

/** Uploads the version's files with other weights, whose own outputs are its parity rows. */
async function publish(
  files: readonly BundleFile[],
  { scoring, file }: { scoring: ScoringModel; file: ModelFile },
  { upload, meter, signal }: OptimizeParts,
): Promise<{ files: PublishedFile[]; importances: number[] }> {
  const model = loadModel(file);
  try {
    // A model that is loaded writes itself in full: the file is what is to be kept.
    const bundled: BundledModel = { ...model, toTensors: () => file };
    const { recipe, signature, outputCount } = scoring;
    const shape = { inputCount: recipe.inputs.length, outputCount };
    const json = files.find(({ path }) => path === 'parity.json')?.bytes ?? new Uint8Array();
    const { rows } = parityFromJSON(JSON.parse(new TextDecoder().decode(json)), shape);
    const bundle = writeBundle({ model: bundled, recipe, signature, parityRows: rows });
    const uploaded: PublishedFile[] = [];
    for (const [index, part] of bundle.entries()) {
      signal.throwIfAborted();
      uploaded.push(await upload(part));
      meter.step(index + 1, bundle.length);
    }
    return { files: uploaded, importances: [...(model.importances ?? [])] };
  } finally {
    model.dispose();
  }
}

function budgetNotMet(spec: OptimizeSpec__Output, variants: readonly Variant__Output[]): TenonError {
  const { metric, maxLoss, objective } = spec;
  const best = nearestMiss(variants, objective);
  const facts = { metric, max_loss: maxLoss, model_version: spec.modelVersion };
  const what = objective === 'OBJECTIVE_LATENCY' ? 'faster' : 'smaller';
  if (best === undefined) {
    const message = `${spec.modelVersion} has no variant by ${spec.methods.join(', ')}`;
    return new TenonError({ reason: 'BUDGET_NOT_MET', message, facts });
  }
  const cost = `${Number((costOf(best, objective) * 100).toPrecision(3))} % of the original's ${what === 'faster' ? 'time' : 'size'}`;
  const loss = Number(best.loss.toPrecision(6));
  const message = isGain(best, objective)
    ? `no ${what} variant of ${spec.modelVersion} is within max_loss: the best, ${best.description}, loses ${loss} of ${metric} at ${cost}; max_loss is ${maxLoss}`
    : `no variant of ${spec.modelVersion} is ${what}: the best, ${best.description}, loses ${loss} of ${metric} at ${cost}; max_loss is ${maxLoss}`;
  return new TenonError({
    reason: 'BUDGET_NOT_MET',
    message,
    facts: { ...facts, variant: best.description, loss: best.loss, size_bytes: best.sizeBytes },
  });
}

function descriptionOf(
  { name }: WorkerJob,
  { modelVersion, metric }: OptimizeSpec__Output,
  [before, after]: [Variant__Output | undefined, Variant__Output],
): string {
  const short = (value: number) => Number(value.toPrecision(6));
  const deltas = [
    `${metric} ${short(before?.value ?? 0)} to ${short(after.value)}`,
    `${before?.sizeBytes} to ${after.sizeBytes} bytes`,
    `one row in ${short(after.timeRatio * 100)} % of the time`,
  ];
  return `Optimized from ${modelVersion} by ${name}: ${after.description}. ${deltas.join(', ')}.`;
}
