// Original file: proto/tenon/registry/v1/model.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/tenon/registry/v1/model.proto

/**
 * What was done.
 */
export const _tenon_registry_v1_JournalEntry_Action = {
  /**
   * Not stated; never sent.
   */
  ACTION_UNSPECIFIED: 'ACTION_UNSPECIFIED',
  /**
   * The model was created.
   */
  ACTION_MODEL_CREATED: 'ACTION_MODEL_CREATED',
  /**
   * A version was created.
   */
  ACTION_VERSION_CREATED: 'ACTION_VERSION_CREATED',
  /**
   * An alias was set to a version.
   */
  ACTION_ALIAS_SET: 'ACTION_ALIAS_SET',
  /**
   * An alias went back to the version before.
   */
  ACTION_ALIAS_ROLLED_BACK: 'ACTION_ALIAS_ROLLED_BACK',
  /**
   * An alias was deleted.
   */
  ACTION_ALIAS_DELETED: 'ACTION_ALIAS_DELETED',
  /**
   * The model's description changed.
   */
  ACTION_MODEL_UPDATED: 'ACTION_MODEL_UPDATED',
  /**
   * A version was deleted.
   */
  ACTION_VERSION_DELETED: 'ACTION_VERSION_DELETED',
  /**
   * The model was deleted.
   */
  ACTION_MODEL_DELETED: 'ACTION_MODEL_DELETED',
} as const;

/**
 * What was done.
 */
export type _tenon_registry_v1_JournalEntry_Action =
  /**
   * Not stated; never sent.
   */
  | 'ACTION_UNSPECIFIED'
  | 0
  /**
   * The model was created.
   */
  | 'ACTION_MODEL_CREATED'
  | 1
  /**
   * A version was created.
   */
  | 'ACTION_VERSION_CREATED'
  | 2
  /**
   * An alias was set to a version.
   */
  | 'ACTION_ALIAS_SET'
  | 3
  /**
   * An alias went back to the version before.
   */
  | 'ACTION_ALIAS_ROLLED_BACK'
  | 4
  /**
   * An alias was deleted.
   */
  | 'ACTION_ALIAS_DELETED'
  | 5
  /**
   * The model's description changed.
   */
  | 'ACTION_MODEL_UPDATED'
  | 6
  /**
   * A version was deleted.
   */
  | 'ACTION_VERSION_DELETED'
  | 7
  /**
   * The model was deleted.
   */
  | 'ACTION_MODEL_DELETED'
  | 8

/**
 * What was done.
 */
export type _tenon_registry_v1_JournalEntry_Action__Output = typeof _tenon_registry_v1_JournalEntry_Action[keyof typeof _tenon_registry_v1_JournalEntry_Action]

/**
 * One entry of a model's append-only history.
 */
export interface JournalEntry {
  /**
   * Counts all entries of the registry from 1, without gaps.
   */
  'sequence'?: (number | string | Long);
  /**
   * When it happened.
   */
  'time'?: (_google_protobuf_Timestamp | null);
  /**
   * What was done.
   */
  'action'?: (_tenon_registry_v1_JournalEntry_Action);
  /**
   * The model. Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * The version concerned; empty where none is.
   */
  'version'?: (string);
  /**
   * The alias concerned; empty where none is.
   */
  'alias'?: (string);
  /**
   * The version the alias named before; empty where none did.
   */
  'previousVersion'?: (string);
  /**
   * The sha256 over the entry before and this one, in hexadecimal.
   */
  'chainDigest'?: (string);
}

/**
 * One entry of a model's append-only history.
 */
export interface JournalEntry__Output {
  /**
   * Counts all entries of the registry from 1, without gaps.
   */
  'sequence': (number);
  /**
   * When it happened.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
  /**
   * What was done.
   */
  'action': (_tenon_registry_v1_JournalEntry_Action__Output);
  /**
   * The model. Format: `models/{model}`.
   */
  'model': (string);
  /**
   * The version concerned; empty where none is.
   */
  'version': (string);
  /**
   * The alias concerned; empty where none is.
   */
  'alias': (string);
  /**
   * The version the alias named before; empty where none did.
   */
  'previousVersion': (string);
  /**
   * The sha256 over the entry before and this one, in hexadecimal.
   */
  'chainDigest': (string);
}
