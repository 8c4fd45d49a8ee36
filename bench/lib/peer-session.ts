import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type PeerGroup, peerCommand } from './peers.js';

/** What a script says when it is ready. */
interface About {
  version: string;
  /** What computes, if that is found out only there. */
  peer: string;
  /** The names of what it can do. */
  works: string[];
}

/**
 * A script of bench/peers that stays alive (bench/peers/turns.py) and measures turn by turn. Between
 * its turns its process is stopped: threads of it that spin would take a processor from the other side.
 */
export class PeerSession {
  readonly about: About;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, about: About) {
    this.#child = child;
    this.#lines = lines;
    this.about = about;
    child.kill('SIGSTOP');
  }

  /**
   * Starts a script, installing what it imports. What it says on its error output is printed.
   * @throws Error if it ends instead
   */
  static async open(
    script: string,
    args: readonly (string | number)[],
    options: { group?: PeerGroup; env?: NodeJS.ProcessEnv } = {},
  ): Promise<PeerSession> {
    const { file, args: all, env } = await peerCommand(script, args, options);
    const child = spawn(file, all, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    // That it has ended shows where an answer is missing.
    child.on('error', () => null);
    child.stdin.on('error', () => null);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    try {
      return new PeerSession(child, lines, await answerOf<About>(script, lines));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** The median seconds of a call, of as many as take `seconds`, after one that does not count. */
  async turn(work: string, seconds: number): Promise<number> {
    return await this.#ask({ turn: work, seconds });
  }

  /** A number that says what the result is worth; each script says which. */
  async check(work: string): Promise<number> {
    return await this.#ask({ check: work });
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(request: object): Promise<number> {
    this.#child.kill('SIGCONT');
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const answer = await answerOf<number>(JSON.stringify(request), this.#lines);
    this.#child.kill('SIGSTOP');
    return answer;
  }
}

async function answerOf<Answer>(what: string, lines: AsyncIterator<string>): Promise<Answer> {
  const { value, done } = await lines.next();
  if (done) throw new Error(`the peer ended before it answered ${what}: its words are above`);
  return JSON.parse(value) as Answer;
}

/** Gives `body` the sessions once all are open, and ends them after it, whatever happens. */
export async function withSessions<const Opened extends readonly Promise<PeerSession>[], Result>(
  opened: Opened,
  body: (...sessions: { [Each in keyof Opened]: PeerSession }) => Promise<Result>,
): Promise<Result> {
  try {
    return await body(...((await Promise.all(opened)) as { [Each in keyof Opened]: PeerSession }));
  } finally {
    for (const session of await Promise.allSettled(opened)) {
      if (session.status === 'fulfilled') session.value.close();
    }
  }
}
