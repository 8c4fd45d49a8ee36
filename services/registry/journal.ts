import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../proto/gen/tenon/registry/v1/index.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import { canonicalJson } from '../mesh/storage/canonical-json.js';

/** What can happen to a model. */
export type JournalAction =
  | 'ACTION_MODEL_CREATED'
  | 'ACTION_VERSION_CREATED'
  | 'ACTION_ALIAS_SET'
  | 'ACTION_ALIAS_ROLLED_BACK'
  | 'ACTION_ALIAS_DELETED'
  | 'ACTION_MODEL_UPDATED'
  | 'ACTION_VERSION_DELETED'
  | 'ACTION_MODEL_DELETED';

/** What happened, before it has its place in the journal. */
export interface JournalEvent {
  /** Milliseconds since 1970. */
  timeMs: number;
  action: JournalAction;
  /** `models/{model}`. */
  model: string;
  /** `models/{model}/versions/{version}`, or empty. */
  version: string;
  alias: string;
  /** `models/{model}/versions/{version}`, or empty. */
  previousVersion: string;
}

/** An entry of the journal. */
export interface JournalRecord extends JournalEvent {
  /** Counts from 1 without gaps over the whole registry. */
  sequence: number;
  /** 64 lower-case hexadecimal digits. */
  chainDigest: string;
}

/** What stands for the chain digest before the first entry. */
export const chainStart = '0'.repeat(64);

/** The chain digest of an entry: sha256 of the one before, a line feed, and the entry's canonical JSON. */
export function chainDigestOf(previous: string, entry: Omit<JournalRecord, 'chainDigest'>): string {
  const { sequence, timeMs, action, model, version, alias, previousVersion } = entry;
  const text = canonicalJson({ sequence, timeMs, action, model, version, alias, previousVersion });
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex');
}

/** The entry as the contract shows it. */
export function toJournalEntry({ timeMs, ...entry }: JournalRecord): JournalEntry {
  return { ...entry, time: timestampOf(timeMs) };
}
