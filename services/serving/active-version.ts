import type { LoadedVersion } from './loader.js';

/** A loaded version with a count of those who use it. */
export interface ActiveVersion {
  readonly loaded: LoadedVersion;
  /** One more user; each `acquire` is followed by one `release`. */
  acquire(): void;
  /** One user less; the last one after `retire` frees the version. */
  release(): void;
  /** Takes no new users: frees the version now or when its last user ends, and resolves then. */
  retire(): Promise<void>;
}

/** Runs something that uses a version, which is kept until that has ended; it may return a promise. */
export function whileUsed<Result>(
  active: ActiveVersion,
  run: (loaded: LoadedVersion) => Result | Promise<Result>,
): Result | Promise<Result> {
  active.acquire();
  let result: Result | Promise<Result>;
  try {
    result = run(active.loaded);
  } catch (error) {
    active.release();
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => active.release());
  active.release();
  return result;
}

/** Counts the users of a loaded version. */
export function createActiveVersion(loaded: LoadedVersion): ActiveVersion {
  let users = 0;
  let retired = false;
  let freed: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    freed = resolve;
  });

  function free(): void {
    loaded.dispose();
    freed();
  }

  return {
    loaded,
    acquire() {
      if (retired) throw new Error(`${loaded.manifest.version} was retired and takes no new users`);
      users++;
    },
    release() {
      if (users === 0) throw new Error(`${loaded.manifest.version} has no user to release`);
      users--;
      if (users === 0 && retired) free();
    },
    retire() {
      if (!retired) {
        retired = true;
        if (users === 0) free();
      }
      return gone;
    },
  };
}
