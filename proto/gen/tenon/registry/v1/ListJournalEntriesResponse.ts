// Original file: proto/tenon/registry/v1/registry_service.proto

import type { JournalEntry as _tenon_registry_v1_JournalEntry, JournalEntry__Output as _tenon_registry_v1_JournalEntry__Output } from '../../../tenon/registry/v1/JournalEntry.js';

/**
 * Response of ListJournalEntries.
 */
export interface ListJournalEntriesResponse {
  /**
   * The entries of this page.
   */
  'entries'?: (_tenon_registry_v1_JournalEntry)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListJournalEntries.
 */
export interface ListJournalEntriesResponse__Output {
  /**
   * The entries of this page.
   */
  'entries': (_tenon_registry_v1_JournalEntry__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
