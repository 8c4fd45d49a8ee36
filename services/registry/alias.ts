import { aliasHasNoPrevious, aliasTargetDeleted } from './errors.js';

/** A change of one alias. */
export interface AliasChange {
  /** The model's id. */
  model: string;
  alias: string;
  /** The model's etag, or empty for no guard. */
  etag: string;
}

/** The versions an alias has named, oldest first; the last is the one it names. Empty: there is no such alias. */
export type AliasHistory = readonly number[];

/** The history after the alias was pointed at `version`; the same history when it named it already. */
export function pointedAt(history: AliasHistory, version: number): AliasHistory {
  return history.at(-1) === version ? history : [...history, version];
}

/**
 * The history after going back one step: 1, 2, 3 becomes 1, 2. Throws WRONG_STATE when the
 * alias named no version before, or when that version was deleted.
 */
export function rolledBack(
  history: AliasHistory,
  { model, alias, exists }: { model: string; alias: string; exists: (version: number) => boolean },
): AliasHistory {
  const previous = history.at(-2);
  if (previous === undefined) throw aliasHasNoPrevious(model, alias, history.at(-1));
  if (!exists(previous)) throw aliasTargetDeleted(model, alias, previous);
  return history.slice(0, -1);
}
