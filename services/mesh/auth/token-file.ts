import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';

interface TokenEntry {
  name: string;
  hash: Buffer;
}

const checkEveryMs = 2_000; // A revoked token must stop working within 5 s.

function parse(path: string): TokenEntry[] {
  const entries: TokenEntry[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const [name, hash, ...rest] = text.split(/\s+/);
    const right = name !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(name) && /^[0-9a-f]{64}$/i.test(hash ?? '');
    // The line itself is not shown: somebody may have put the token there instead of its hash.
    if (!right || rest.length > 0)
      throw new Error(`${path}:${index + 1}: must be a name and the token's sha256 in hex`);
    entries.push({ name, hash: Buffer.from(hash ?? '', 'hex') });
  }
  if (entries.length === 0) throw new Error(`${path}: holds no token, so no call could be made`);
  return entries;
}

function fingerprint(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs}/${size}/${ino}`;
}

/** The tokens that may call. */
export interface TokenFile {
  /** The name of a token; null if it is not known. Takes the same time whichever token it is. */
  nameOf(token: string): string | null;
  close(): void;
}

/**
 * Opens a file of lines `name sha256hex` and reads it again within two seconds of a change. A file that became unreadable
 * or wrong keeps the tokens known before, and is logged.
 * @throws Error naming file and line if the file is missing, wrong or empty.
 */
export function openTokenFile(path: string, log: Logger): TokenFile {
  let seen = fingerprint(path);
  let entries = parse(path);
  const timer = setInterval(() => {
    try {
      const now = fingerprint(path);
      if (now === seen) return;
      seen = now;
      entries = parse(path);
      log.info({ tokens: entries.map(({ name }) => name) }, 'tokens read again');
    } catch (error) {
      log.error({ err: error }, 'tokens cannot be read; those known before stay');
    }
  }, checkEveryMs);
  timer.unref();
  return {
    nameOf(token) {
      const hash = createHash('sha256').update(token).digest();
      let name: string | null = null;
      for (const entry of entries) {
        if (timingSafeEqual(entry.hash, hash)) name = entry.name;
      }
      return name;
    },
    close: () => clearInterval(timer),
  };
}
