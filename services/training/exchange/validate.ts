import { maxImportClasses, maxImportFeatures } from '../../../native/exchange/imported-model.js';
import type {
  ExportModelRequest__Output,
  ExportSpec__Output,
  ImportModelRequest__Output,
  ImportSpec__Output,
} from '../../../proto/gen/tenon/training/v1/index.js';
import { invalidField } from '../../mesh/errors.js';
import { checkId, parseName } from '../../mesh/resource/name.js';
import { checkRequestId, checkText } from '../../mesh/resource/text.js';
import { jobBoundsOf } from '../job-bounds.js';

const maxNameLength = 128;

/** Checks ImportModel, as far as that is possible without the file. Throws INVALID_FIELD. */
export function checkImportModel({ spec, requestId }: ImportModelRequest__Output): {
  spec: ImportSpec__Output;
  requestId: string;
} {
  checkRequestId(requestId);
  if (spec === null) throw invalidField('spec', null, 'must be set');
  parseName('artifacts/{sha256}', spec.artifact, 'spec.artifact');
  parseName('models/{model}', spec.model, 'spec.model');
  if (spec.alias !== '') checkId('spec.alias', spec.alias);
  if (spec.alias === 'latest') throw invalidField('spec.alias', spec.alias, 'must not be latest');
  checkNames('spec.feature_names', spec.featureNames, maxImportFeatures);
  checkNames('spec.classes', spec.classes, maxImportClasses);
  checkText('spec.target', spec.target, { max: maxNameLength });
  jobBoundsOf(spec, 'spec.limits');
  return { spec, requestId };
}

/** Checks ExportModel, as far as that is possible without the version. Throws INVALID_FIELD. */
export function checkExportModel({ spec, requestId }: ExportModelRequest__Output): {
  spec: ExportSpec__Output;
  requestId: string;
} {
  checkRequestId(requestId);
  if (spec === null) throw invalidField('spec', null, 'must be set');
  parseName('models/{model}/versions/{version}', spec.modelVersion, 'spec.model_version');
  const formats = ['FORMAT_UNSPECIFIED', 'FORMAT_ONNX'];
  if (!formats.includes(spec.format)) throw invalidField('spec.format', spec.format, 'must be FORMAT_ONNX or unset');
  jobBoundsOf(spec, 'spec.limits');
  return { spec: { ...spec, format: 'FORMAT_ONNX' }, requestId };
}

function checkNames(field: string, names: readonly string[], most: number): void {
  if (names.length > most) throw invalidField(field, names.length, `names must be at most ${most}`);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    checkText(`${field}[${index}]`, name, { min: 1, max: maxNameLength });
    if (seen.has(name)) throw invalidField(`${field}[${index}]`, name, 'must not be there twice');
    seen.add(name);
  }
}
