import type { Queries } from '../mesh/storage/queries.js';
import type { JournalEvent } from './journal.js';
import { chainDigestOf, chainStart } from './journal.js';

/** The columns of the journal under the names of a JournalRecord. */
export const journalColumns =
  'sequence, time_ms AS timeMs, action, model, version, alias, previous_version AS previousVersion, chain_digest AS chainDigest';

/** Appends an entry, chained to the last one. Must run in the transaction of the change it tells of. */
export async function appendToJournal(tx: Queries, event: JournalEvent): Promise<void> {
  const last = await tx.get<{ sequence: number; chainDigest: string }>(
    'SELECT sequence, chain_digest AS chainDigest FROM journal ORDER BY sequence DESC LIMIT 1',
  );
  const entry = { ...event, sequence: (last?.sequence ?? 0) + 1 };
  await tx.run(
    `INSERT INTO journal (sequence, time_ms, action, model, version, alias, previous_version, chain_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      entry.sequence,
      entry.timeMs,
      entry.action,
      entry.model,
      entry.version,
      entry.alias,
      entry.previousVersion,
      chainDigestOf(last?.chainDigest ?? chainStart, entry),
    ],
  );
}
