import { status } from '@grpc/grpc-js';
import { ConfigError } from '../../services/mesh/config/config-error.js';
import { TenonError } from '../../services/mesh/errors.js';
import { reasons } from '../../services/mesh/reasons.js';
import { UsageError } from '../usage-error.js';
import { errorColors } from './colors.js';
import { fieldForPeople } from './fields.js';
import { hintFor } from './hints.js';

function print(lines: readonly string[], hint: string | null, code?: string): void {
  const [first = '', ...more] = lines;
  console.error(`${errorColors.red('error:')} ${first}`);
  for (const line of more) console.error(`       ${line}`);
  if (hint !== null) console.error(`       ${hint}`);
  if (code !== undefined) console.error(errorColors.dim(`       ${code}`));
}

function printJsonError(error: object, hint: string | null): void {
  console.error(JSON.stringify({ error: hint === null ? error : { ...error, hint } }));
}

/**
 * Prints what was wrong, where, what would be right and what to do next, on stderr: for people, or as one line
 * `{"error":{code,reason,message,…}}`.
 * @returns the exit code: 2 for a wrong command line or configuration, else 1.
 */
export function printError(error: unknown, { json }: { json: boolean }): number {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintFor(error);
  if (error instanceof TenonError) {
    const { reason, violations, facts } = error;
    const code = status[reasons[reason]];
    if (json) {
      printJsonError({ code, reason, message, violations, metadata: facts }, hint);
      return 1;
    }
    // The message of a wrong field says field and description in the field's own spelling.
    const fields = violations.map(({ field, description }) => `${fieldForPeople(field)}: ${description}`);
    print(fields.length > 0 ? fields : [message], hint, `${code}, ${reason}`);
    return 1;
  }
  const usage = error instanceof UsageError || error instanceof ConfigError;
  if (json) printJsonError({ code: usage ? 'USAGE' : 'FAILED', message }, hint);
  else print(message.split('\n'), hint);
  return usage ? 2 : 1;
}
