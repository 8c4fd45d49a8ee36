import { status } from '@grpc/grpc-js';
import pc from 'picocolors';
import { TenonError } from '../../services/mesh/errors.js';
import { reasons } from '../../services/mesh/reasons.js';
import { UsageError } from '../usage-error.js';

/**
 * Prints what was wrong, where, and what would be right, on stderr.
 * @returns the exit code: 2 for a wrong command line, else 1.
 */
export function printError(error: unknown, { json }: { json: boolean }): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TenonError) {
    const { reason, violations, facts } = error;
    const code = status[reasons[reason]];
    if (json) {
      console.error(JSON.stringify({ error: { code, reason, message, violations, metadata: facts } }));
    } else {
      console.error(`${pc.red('error')} ${message}`);
      for (const { field, description } of violations) console.error(`  ${pc.bold(field)}: ${description}`);
      console.error(pc.dim(`  ${code}, reason ${reason}`));
    }
    return 1;
  }
  if (json) console.error(JSON.stringify({ error: { message } }));
  else console.error(`${pc.red('error')} ${message}`);
  return error instanceof UsageError ? 2 : 1;
}
