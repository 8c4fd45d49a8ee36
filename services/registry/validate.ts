import type {
  CreateModelRequest__Output,
  CreateModelVersionRequest__Output,
  DeleteAliasRequest__Output,
  DeleteModelRequest__Output,
  DeleteModelVersionRequest__Output,
  DownloadArtifactRequest__Output,
  GetArtifactRequest__Output,
  GetModelRequest__Output,
  GetModelVersionRequest__Output,
  ListJournalEntriesRequest__Output,
  ListModelsRequest__Output,
  ListModelVersionsRequest__Output,
  PromoteModelVersionRequest__Output,
  RollbackAliasRequest__Output,
  SetAliasRequest__Output,
  UpdateModelRequest__Output,
  UploadArtifactRequest__Output,
  WatchModelRequest__Output,
} from '../../proto/gen/tenon/registry/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { fieldsToUpdate } from '../mesh/resource/field-mask.js';
import { checkId, parseName } from '../mesh/resource/name.js';
import type { Page } from '../mesh/resource/page.js';
import { pageOf } from '../mesh/resource/page.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import type { AliasChange } from './alias.js';
import { defaultAlias, maxChunkBytes, maxDescriptionLength, maxDisplayNameLength } from './limits.js';
import type { ModelRecord } from './model.js';
import type { VersionContent, VersionPick } from './model-version.js';
import { contentOf } from './validate-content.js';

// One pure function per request: what the handler needs of it, or INVALID_FIELD.

/** A page of a list; `after` is a whole number, 0 on the first page. */
export interface NumberedPage {
  page: Page;
  /** The list's identity in page tokens. */
  list: string;
  after: number;
}

/** Checks CreateModel. */
export function checkCreateModel({
  model,
  requestId,
}: CreateModelRequest__Output): Pick<ModelRecord, 'id' | 'displayName' | 'description'> {
  checkRequestId(requestId);
  if (model === null) throw invalidField('model', null, 'must be set');
  return {
    id: modelId('model.name', model.name),
    displayName: checkText('model.display_name', model.displayName, { max: maxDisplayNameLength }),
    description: checkText('model.description', model.description, { max: maxDescriptionLength }),
  };
}

/** Checks GetModel and WatchModel. Returns the model's id. */
export function checkModelName({ name }: GetModelRequest__Output | WatchModelRequest__Output): string {
  return modelId('name', name);
}

/** Checks ListModels. */
export function checkListModels(request: ListModelsRequest__Output): { page: Page; list: string } {
  return { page: pageOf(request, 'models'), list: 'models' };
}

/** Checks UpdateModel. Only what the mask names is checked and returned. */
export function checkUpdateModel({ model, updateMask }: UpdateModelRequest__Output): {
  id: string;
  changes: { displayName?: string; description?: string };
  etag: string;
} {
  if (model === null) throw invalidField('model', null, 'must be set');
  const id = modelId('model.name', model.name);
  const fields = fieldsToUpdate(updateMask, ['display_name', 'description']);
  const changes: { displayName?: string; description?: string } = {};
  if (fields.has('display_name')) {
    changes.displayName = checkText('model.display_name', model.displayName, { max: maxDisplayNameLength });
  }
  if (fields.has('description')) {
    changes.description = checkText('model.description', model.description, { max: maxDescriptionLength });
  }
  return { id, changes, etag: model.etag };
}

/** Checks DeleteModel. */
export function checkDeleteModel({ name, etag, force }: DeleteModelRequest__Output): {
  id: string;
  etag: string;
  force: boolean;
} {
  return { id: modelId('name', name), etag, force };
}

/** Checks CreateModelVersion. */
export function checkCreateModelVersion({ parent, version, requestId }: CreateModelVersionRequest__Output): {
  model: string;
  content: VersionContent;
} {
  checkRequestId(requestId);
  const model = modelId('parent', parent);
  if (version === null) throw invalidField('version', null, 'must be set');
  if (version.name !== '') throw invalidField('version.name', version.name, 'must be empty: the registry gives it');
  return { model, content: contentOf(version) };
}

/** Checks GetModelVersion. */
export function checkGetModelVersion({ name }: GetModelVersionRequest__Output): { model: string; pick: VersionPick } {
  const at = name.lastIndexOf('/@');
  if (at === -1) return versionOrLatest('name', name);
  const { model } = versionNumber('name', `${name.slice(0, at)}/1`, name);
  return { model, pick: { alias: checkAlias('name', name.slice(at + 2)) } };
}

/** Checks ListModelVersions. */
export function checkListModelVersions(request: ListModelVersionsRequest__Output): NumberedPage & { model: string } {
  const model = modelId('parent', request.parent);
  return { model, ...numberedPage(request, `models/${model}/versions`) };
}

/** Checks DeleteModelVersion. */
export function checkDeleteModelVersion({ name }: DeleteModelVersionRequest__Output): {
  model: string;
  version: number;
} {
  return versionNumber('name', name);
}

/** Checks SetAlias. */
export function checkSetAlias(request: SetAliasRequest__Output): AliasChange & { version: number } {
  checkRequestId(request.requestId);
  const model = modelId('model', request.model);
  const alias = checkAlias('alias', request.alias);
  const named = versionNumber('version', request.version);
  if (named.model !== model) {
    throw invalidField('version', request.version, `must be a version of ${request.model}`);
  }
  return { model, alias, version: named.version, etag: request.etag };
}

/** Checks PromoteModelVersion. */
export function checkPromoteModelVersion(
  request: PromoteModelVersionRequest__Output,
): AliasChange & { version: number | 'latest' } {
  checkRequestId(request.requestId);
  const { model, pick } = versionOrLatest('name', request.name);
  const version = pick === 'latest' ? pick : pick.version;
  return { model, alias: checkAlias('alias', request.alias || defaultAlias), version, etag: request.etag };
}

/** Checks RollbackAlias. */
export function checkRollbackAlias(request: RollbackAliasRequest__Output): AliasChange {
  checkRequestId(request.requestId);
  const model = modelId('model', request.model);
  return { model, alias: checkAlias('alias', request.alias || defaultAlias), etag: request.etag };
}

/** Checks DeleteAlias. */
export function checkDeleteAlias({ model, alias, etag }: DeleteAliasRequest__Output): AliasChange {
  return { model: modelId('model', model), alias: checkAlias('alias', alias), etag };
}

/** Checks ListJournalEntries. `model` is an id, null for all models. */
export function checkListJournalEntries(
  request: ListJournalEntriesRequest__Output,
): NumberedPage & { model: string | null } {
  const model = request.model === '' ? null : modelId('model', request.model);
  return { model, ...numberedPage(request, `journal/${model ?? ''}`) };
}

/** Checks one message of UploadArtifact; `index` counts from 0. */
export function checkUploadPart(part: UploadArtifactRequest__Output, index: number): UploadArtifactRequest__Output {
  const { chunk, sha256 } = part;
  if (chunk.byteLength > maxChunkBytes) {
    throw invalidField('chunk', chunk.byteLength, `bytes must be at most ${maxChunkBytes} bytes`);
  }
  if (sha256 !== '' && index > 0) throw invalidField('sha256', sha256, 'must be sent with the first message only');
  if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw invalidField('sha256', sha256, 'must be 64 lower-case hexadecimal digits');
  }
  return part;
}

/** Checks GetArtifact and DownloadArtifact. Returns the sha256. */
export function checkArtifactName({ name }: GetArtifactRequest__Output | DownloadArtifactRequest__Output): string {
  return parseName('artifacts/{sha256}', name, 'name').sha256;
}

function modelId(field: string, value: string): string {
  return parseName('models/{model}', value, field).model;
}

function checkAlias(field: string, value: string): string {
  if (value === 'latest')
    throw invalidField(field, value, 'must be another alias: latest always names the newest version');
  return checkId(field, value);
}

/** `seen` is what the error shows, where it is not the value itself. */
function versionNumber(field: string, value: string, seen = value): { model: string; version: number } {
  try {
    const { model, version } = parseName('models/{model}/versions/{version}', value, field);
    return { model, version: Number(version) };
  } catch {
    throw invalidField(field, seen, 'must have the format models/{model}/versions/{version}');
  }
}

function versionOrLatest(field: string, value: string): { model: string; pick: { version: number } | 'latest' } {
  if (value.endsWith('/latest')) {
    const { model } = versionNumber(field, `${value.slice(0, -'latest'.length)}1`, value);
    return { model, pick: 'latest' };
  }
  const { model, version } = versionNumber(field, value);
  return { model, pick: { version } };
}

function numberedPage(request: { pageSize: number; pageToken: string }, list: string): NumberedPage {
  const page = pageOf(request, list);
  const after = page.after === null ? 0 : Number(page.after);
  // Tokens are checked, not signed: a forged one must not reach the database.
  if (!Number.isSafeInteger(after) || after < 0) {
    throw invalidField('page_token', request.pageToken, 'must be the next_page_token of the page before');
  }
  return { page, list, after };
}
