import type { Column__Output, Metric__Output, Signature__Output } from '../../proto/gen/tenon/common/v1/index.js';
import type {
  ArtifactFile__Output,
  Lineage__Output,
  ModelVersion__Output,
} from '../../proto/gen/tenon/registry/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { parseName } from '../mesh/resource/name.js';
import { checkText } from '../mesh/resource/text.js';
import {
  maxCategories,
  maxCategoryLength,
  maxColumns,
  maxDescriptionLength,
  maxFilePathLength,
  maxFiles,
  maxManifestLength,
  maxMetrics,
  maxNameLength,
  maxParametersLength,
  maxReleaseLength,
  maxTensorDimensions,
  maxTensorElements,
} from './limits.js';
import type { VersionContent, VersionFile } from './model-version.js';

const columnTypes = [
  'COLUMN_TYPE_BOOLEAN',
  'COLUMN_TYPE_INTEGER',
  'COLUMN_TYPE_DOUBLE',
  'COLUMN_TYPE_STRING',
  'COLUMN_TYPE_TIMESTAMP',
  'COLUMN_TYPE_TENSOR',
];
const tensorTypes = ['DATA_TYPE_UINT8', 'DATA_TYPE_FP32'];
const instructionSets = ['scalar', 'avx2', 'avx512', 'amx', 'neon'];

/** The content of the version of a CreateModelVersion request, taken over field by field. Throws INVALID_FIELD. */
export function contentOf(version: ModelVersion__Output): VersionContent {
  if (version.signature === null) throw invalidField('version.signature', null, 'must be set');
  const content = {
    description: checkText('version.description', version.description, { max: maxDescriptionLength }),
    signature: signatureOf(version.signature),
    files: filesOf(version.files),
    metrics: metricsOf(version.metrics),
    lineage: version.lineage === null ? null : lineageOf(version.lineage),
  };
  const { length } = JSON.stringify(content);
  if (length > maxManifestLength) {
    throw invalidField('version', `${length} characters as JSON`, `must be at most ${maxManifestLength}`);
  }
  return content;
}

const tasks: readonly string[] = ['TASK_CLASSIFICATION', 'TASK_REGRESSION', 'TASK_CLUSTERING'];

function signatureOf({ inputs, target, task, classes }: Signature__Output): Signature__Output {
  const at = 'version.signature';
  if (inputs === null) throw invalidField(`${at}.inputs`, null, 'must be set');
  checkCount(`${at}.inputs.columns`, inputs.columns, 'columns', 1, maxColumns);
  const columns = inputs.columns.map((column, index) => columnOf(`${at}.inputs.columns[${index}]`, column));
  checkUnique(
    columns,
    ({ name }) => name,
    (index) => `${at}.inputs.columns[${index}].name`,
  );
  if (!tasks.includes(task)) throw invalidField(`${at}.task`, task, `must be one of ${tasks.join(', ')}`);
  const clustering = task === 'TASK_CLUSTERING';
  if (clustering && target !== null) throw invalidField(`${at}.target`, target.name, 'must be unset for clustering');
  if (!clustering && target === null) throw invalidField(`${at}.target`, null, 'must be set');
  if (target?.type === 'COLUMN_TYPE_TENSOR') {
    throw invalidField(`${at}.target.type`, target.type, 'must be a type of single values');
  }
  const classification = task === 'TASK_CLASSIFICATION';
  checkCount(`${at}.classes`, classes, 'classes', classification ? 1 : 0, classification ? maxCategories : 0);
  checkTexts(`${at}.classes`, classes);
  return {
    inputs: { columns },
    target: target && columnOf(`${at}.target`, target),
    task,
    classes: [...classes],
  };
}

function columnOf(field: string, { name, type, nullable, categories, tensor }: Column__Output): Column__Output {
  checkText(`${field}.name`, name, { min: 1, max: maxNameLength });
  if (!columnTypes.includes(type))
    throw invalidField(`${field}.type`, type, `must be one of ${columnTypes.join(', ')}`);
  checkCount(`${field}.categories`, categories, 'categories', 0, maxCategories);
  checkTexts(`${field}.categories`, categories);
  return { name, type, nullable, categories: [...categories], tensor: tensorOf(`${field}.tensor`, type, tensor) };
}

function tensorOf(field: string, type: string, tensor: Column__Output['tensor']): Column__Output['tensor'] {
  if (type !== 'COLUMN_TYPE_TENSOR') {
    if (tensor !== null) throw invalidField(field, '(set)', `must not be set for ${type}`);
    return null;
  }
  if (tensor === null) throw invalidField(field, null, 'must be set for COLUMN_TYPE_TENSOR');
  const { dtype, shape } = tensor;
  if (!tensorTypes.includes(dtype)) {
    throw invalidField(`${field}.dtype`, dtype, `must be one of ${tensorTypes.join(', ')}`);
  }
  checkCount(`${field}.shape`, shape, 'dimensions', 1, maxTensorDimensions);
  shape.forEach((size, index) => {
    if (!Number.isSafeInteger(size) || size < 1) throw invalidField(`${field}.shape[${index}]`, size, 'must be >= 1');
  });
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements > maxTensorElements) {
    throw invalidField(`${field}.shape`, `${elements} elements`, `must be <= ${maxTensorElements}`);
  }
  return { dtype, shape: [...shape] };
}

function filesOf(files: readonly ArtifactFile__Output[]): VersionFile[] {
  checkCount('version.files', files, 'files', 1, maxFiles);
  checkUnique(
    files,
    ({ path }) => path,
    (index) => `version.files[${index}].path`,
  );
  return files.map(({ path, artifact, sizeBytes }, index) => {
    const field = `version.files[${index}]`;
    if (path.length > maxFilePathLength || !/^[A-Za-z][A-Za-z0-9._-]*$/.test(path)) {
      const rule = `must be 1 to ${maxFilePathLength} characters of [A-Za-z0-9._-], starting with a letter`;
      throw invalidField(`${field}.path`, path, rule);
    }
    parseName('artifacts/{sha256}', artifact, `${field}.artifact`);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw invalidField(`${field}.size_bytes`, sizeBytes, 'must be >= 0');
    }
    return { path, artifact, sizeBytes };
  });
}

function metricsOf(metrics: readonly Metric__Output[]): Metric__Output[] {
  checkCount('version.metrics', metrics, 'metrics', 0, maxMetrics);
  checkUnique(
    metrics,
    ({ name }) => name,
    (index) => `version.metrics[${index}].name`,
  );
  return metrics.map(({ name, value, stdDev, higherIsBetter }, index) => {
    const field = `version.metrics[${index}]`;
    checkText(`${field}.name`, name, { min: 1, max: maxNameLength });
    if (!Number.isFinite(value)) throw invalidField(`${field}.value`, `${value}`, 'must be finite');
    if (!Number.isFinite(stdDev) || stdDev < 0) {
      throw invalidField(`${field}.std_dev`, `${stdDev}`, 'must be finite and >= 0');
    }
    return { name, value, stdDev, higherIsBetter };
  });
}

function lineageOf(lineage: Lineage__Output): Lineage__Output {
  const {
    datasetVersion,
    datasetDigest,
    job,
    estimator,
    parametersJson,
    seed,
    isa,
    tenonVersion,
    parentVersion,
    optimization,
  } = lineage;
  const at = 'version.lineage';
  if (datasetVersion !== '') {
    parseName('datasets/{dataset}/versions/{version}', datasetVersion, `${at}.dataset_version`);
  }
  if (datasetDigest !== '' && !/^[0-9a-f]{64}$/.test(datasetDigest)) {
    throw invalidField(`${at}.dataset_digest`, datasetDigest, 'must be 64 lower-case hexadecimal digits');
  }
  if (job !== '') parseName('jobs/{job}', job, `${at}.job`);
  if (estimator !== '') parseName('estimators/{estimator}', estimator, `${at}.estimator`);
  checkText(`${at}.parameters_json`, parametersJson, { max: maxParametersLength });
  if (parametersJson !== '' && !isJsonObject(parametersJson)) {
    throw invalidField(`${at}.parameters_json`, parametersJson, 'must be a JSON object');
  }
  if (!Number.isSafeInteger(seed)) throw invalidField(`${at}.seed`, seed, 'must be within ±(2^53 - 1)');
  if (isa !== '' && !instructionSets.includes(isa)) {
    throw invalidField(`${at}.isa`, isa, `must be one of ${instructionSets.join(', ')}`);
  }
  checkText(`${at}.tenon_version`, tenonVersion, { max: maxReleaseLength });
  if (parentVersion !== '') {
    parseName('models/{model}/versions/{version}', parentVersion, `${at}.parent_version`);
  }
  checkText(`${at}.optimization`, optimization, { max: maxDescriptionLength });
  return {
    datasetVersion,
    datasetDigest,
    job,
    estimator,
    parametersJson,
    seed,
    isa,
    tenonVersion,
    parentVersion,
    optimization,
  };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function checkCount(field: string, items: readonly unknown[], what: string, min: number, max: number): void {
  if (items.length < min || items.length > max) {
    throw invalidField(field, items.length, `${what} must be ${min} to ${max}`);
  }
}

function checkUnique<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  fieldOf: (index: number) => string,
): void {
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first !== undefined) throw invalidField(fieldOf(index), key, `must be unique; ${fieldOf(first)} is the same`);
    seen.set(key, index);
  });
}

function checkTexts(field: string, texts: readonly string[]): void {
  texts.forEach((text, index) => {
    checkText(`${field}[${index}]`, text, { max: maxCategoryLength });
  });
  checkUnique(
    texts,
    (text) => text,
    (index) => `${field}[${index}]`,
  );
}
