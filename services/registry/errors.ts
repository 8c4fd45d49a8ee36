import { invalidField, notFound, TenonError, wrongState } from '../mesh/errors.js';
import { modelName, versionName } from './model.js';

/** `models/iris/versions/@production`: how an alias is named in errors and in GetModelVersion. */
export function aliasName(model: string, alias: string): string {
  return `models/${model}/versions/@${alias}`;
}

/** RESOURCE_NOT_FOUND for an alias. */
export function aliasNotFound(model: string, alias: string): TenonError {
  return notFound(aliasName(model, alias));
}

/** WRONG_STATE: there is nothing to roll back to. */
export function aliasHasNoPrevious(model: string, alias: string, current: number | undefined): TenonError {
  const state = current === undefined ? 'not set' : `at its first version, ${versionName(model, current)}`;
  return wrongState(aliasName(model, alias), state, 'a rollback needs a version that the alias named before');
}

/** WRONG_STATE: the version to roll back to is gone. */
export function aliasTargetDeleted(model: string, alias: string, target: number): TenonError {
  const needed = `a rollback would need ${versionName(model, target)}, which was deleted; set the alias to another version`;
  return wrongState(aliasName(model, alias), 'after a deleted version', needed);
}

/** RESOURCE_IN_USE: aliases name the version. */
export function versionInUse(model: string, version: number, aliases: readonly string[]): TenonError {
  const name = versionName(model, version);
  return new TenonError({
    reason: 'RESOURCE_IN_USE',
    message: `${name} is named by the alias ${aliases.join(', ')}; point it elsewhere or delete it first`,
    facts: { name, aliases: aliases.join(',') },
  });
}

/** RESOURCE_IN_USE: the model has aliases. */
export function modelInUse(model: string, aliases: readonly string[]): TenonError {
  const name = modelName(model);
  return new TenonError({
    reason: 'RESOURCE_IN_USE',
    message: `${name} has the alias ${aliases.join(', ')}; delete it first, or set force`,
    facts: { name, aliases: aliases.join(',') },
  });
}

/** RESOURCE_NOT_FOUND: a file names an artifact that was never uploaded. */
export function artifactMissing(field: string, artifact: string): TenonError {
  return new TenonError({
    reason: 'RESOURCE_NOT_FOUND',
    message: `${field}: ${artifact} does not exist; upload it with UploadArtifact first`,
    facts: { name: artifact, field },
  });
}

/** INVALID_FIELD: a file's length is not its artifact's. */
export function fileSizeDiffers(field: string, seen: number, artifact: string, sizeBytes: number): TenonError {
  return invalidField(field, seen, `must be ${sizeBytes}, the length of ${artifact}`);
}
