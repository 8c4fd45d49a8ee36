import type { ExplanationMethod } from '../../native/explain/explainer.js';
import type {
  CreateDeploymentRequest__Output,
  Deployment__Output,
  ExplainRequest__Output,
  GetPartialDependenceRequest__Output,
  PredictRequest__Output,
  UpdateDeploymentRequest__Output,
} from '../../proto/gen/tenon/serving/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { fieldsToUpdate } from '../mesh/resource/field-mask.js';
import { checkId, parseName } from '../mesh/resource/name.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import type { Target } from './deployment.js';
import {
  defaultGridSize,
  maxDisplayNameLength,
  maxExplainedRows,
  maxFeatures,
  maxGridSize,
  maxRows,
  maxSampledRows,
  minGridSize,
} from './limits.js';

const aliasFormat = 'models/{model}/versions/@{alias}';

/** A deployment as it is asked for. */
export interface CheckedDeployment {
  name: string;
  displayName: string;
  target: Target;
}

/** Checks a deployment's name. Throws INVALID_FIELD. */
export function checkName(name: string, field: string): string {
  parseName('deployments/{deployment}', name, field);
  return name;
}

/** Checks CreateDeployment. Throws INVALID_FIELD. */
export function checkCreate({ deployment, requestId }: CreateDeploymentRequest__Output): CheckedDeployment {
  checkRequestId(requestId);
  if (deployment === null) throw invalidField('deployment', null, 'must be set');
  const target = targetOf(deployment);
  if (target === null) throw invalidField('deployment.target', null, 'must be set: version or alias');
  return {
    name: checkName(deployment.name, 'deployment.name'),
    displayName: checkDisplayName(deployment),
    target,
  };
}

/** What UpdateDeployment changes; null for what stays. */
export interface CheckedUpdate {
  name: string;
  etag: string;
  displayName: string | null;
  target: Target | null;
}

/** Checks UpdateDeployment. Throws INVALID_FIELD. */
export function checkUpdate({ deployment, updateMask }: UpdateDeploymentRequest__Output): CheckedUpdate {
  if (deployment === null) throw invalidField('deployment', null, 'must be set');
  const name = checkName(deployment.name, 'deployment.name');
  const fields = fieldsToUpdate(updateMask, ['display_name', 'version', 'alias']);
  const asked = (['version', 'alias'] as const).filter((kind) => fields.has(kind));
  const target = deployment.target !== undefined && fields.has(deployment.target) ? targetOf(deployment) : null;
  const masked = (updateMask?.paths ?? []).length > 0;
  if (masked && asked.length > 0 && target === null) {
    throw invalidField(`deployment.${asked[0]}`, null, 'must be set, because update_mask names it');
  }
  return {
    name,
    etag: deployment.etag,
    displayName: fields.has('display_name') ? checkDisplayName(deployment) : null,
    target,
  };
}

/**
 * Checks the rows of Predict: 1 to 100,000, all as records or all as rows, of at most 2^28 features in all. Throws
 * INVALID_FIELD.
 */
export function checkPredict(request: PredictRequest__Output, { featureCount }: { featureCount: number }): void {
  checkRows(request, maxRows);
  const { records, rows } = request;
  const rowCount = records.length + rows.length;
  if (rowCount * featureCount > maxFeatures) {
    const most = Math.floor(maxFeatures / featureCount);
    const field = records.length > 0 ? 'records' : 'rows';
    throw invalidField(field, rowCount, `rows must be <= ${most}, because each becomes ${featureCount} features`);
  }
}

/** What contributions are told of. */
export type Granularity = 'column' | 'feature';

/** An Explain as it is asked for. */
export interface CheckedExplain {
  /** Null for the estimator's exact method. */
  method: ExplanationMethod | null;
  granularity: Granularity;
  /** All classes instead of the one predicted. */
  allClasses: boolean;
  /** How many contributions to tell; null for all. */
  limit: number | null;
}

const methods: Readonly<Record<string, ExplanationMethod | null>> = {
  EXPLANATION_METHOD_UNSPECIFIED: null,
  EXPLANATION_METHOD_TREE_SHAP: 'tree-shap',
  EXPLANATION_METHOD_LINEAR_SHAP: 'linear-shap',
  EXPLANATION_METHOD_SAMPLING: 'sampling',
};
const granularities: Readonly<Record<string, Granularity>> = {
  EXPLANATION_GRANULARITY_UNSPECIFIED: 'column',
  EXPLANATION_GRANULARITY_COLUMN: 'column',
  EXPLANATION_GRANULARITY_FEATURE: 'feature',
};

/** Checks Explain: its rows as those of Predict, up to 10,000, or 1,000 for sampling. Throws INVALID_FIELD. */
export function checkExplain(request: ExplainRequest__Output): CheckedExplain {
  const { method, granularity, allClasses, limit } = request;
  const checked = {
    method: choice('method', methods, method),
    granularity: choice('granularity', granularities, granularity),
    allClasses,
    limit: limit === 0 ? null : limit,
  };
  if (limit < 0) throw invalidField('limit', limit, 'must be >= 0');
  checkRows(request, checked.method === 'sampling' ? maxSampledRows : maxExplainedRows);
  return checked;
}

/** Checks GetPartialDependence; returns how many values to give the column. Throws INVALID_FIELD. */
export function checkPartialDependence(request: GetPartialDependenceRequest__Output): number {
  const { gridSize } = request;
  if (gridSize !== 0 && (gridSize < minGridSize || gridSize > maxGridSize)) {
    throw invalidField('grid_size', gridSize, `must be ${minGridSize} to ${maxGridSize}, or 0`);
  }
  checkRows(request, maxExplainedRows);
  return gridSize === 0 ? defaultGridSize : gridSize;
}

function choice<Chosen>(field: string, known: Readonly<Record<string, Chosen>>, value: string): Chosen {
  if (!Object.hasOwn(known, value)) {
    throw invalidField(field, value, `must be one of ${Object.keys(known).join(', ')}`);
  }
  return known[value] as Chosen;
}

function checkRows({ records, rows }: Pick<PredictRequest__Output, 'records' | 'rows'>, maxRows: number): void {
  if (records.length > 0 && rows.length > 0) {
    throw invalidField('rows', rows.length, 'must be empty where records are sent');
  }
  if (records.length > maxRows) throw invalidField('records', records.length, `rows must be <= ${maxRows}`);
  if (rows.length > maxRows) throw invalidField('rows', rows.length, `rows must be <= ${maxRows}`);
  if (records.length + rows.length === 0) throw invalidField('records', 0, 'rows must be >= 1, as records or as rows');
}

function checkDisplayName({ displayName }: Deployment__Output): string {
  return checkText('deployment.display_name', displayName, { max: maxDisplayNameLength });
}

function targetOf({ target, version = '', alias = '' }: Deployment__Output): Target | null {
  if (target === undefined) return null;
  if (target === 'version') {
    parseName('models/{model}/versions/{version}', version, 'deployment.version');
    return { kind: 'version', name: version };
  }
  const field = 'deployment.alias';
  const [model = '', id, ...more] = alias.length <= 512 ? alias.split('/versions/@') : [];
  if (id === undefined || more.length > 0) throw invalidField(field, alias, `must have the format ${aliasFormat}`);
  parseName('models/{model}', model, field);
  checkId(field, id);
  return { kind: 'alias', name: alias };
}
