import { existsSync } from 'node:fs';
import test, { type ImplementationFn } from 'ava';

/** A program that some tests need and that npm does not install. */
export interface RequiredTool {
  readonly path: string;
  readonly installed: boolean;
  /**
   * A serial test that needs the program. Without it the test is skipped, its title saying so and how to install;
   * with REQUIRE_TOOLS=1 in the environment it fails instead.
   */
  test(title: string, body: ImplementationFn<[]>): void;
}

/** Looks for a program at `path`; `install` is the command that puts it there. */
export function requireTool(name: string, path: string, install: string): RequiredTool {
  const installed = existsSync(path);
  const missing = `${name} is not installed; run ${install}`;
  return {
    path,
    installed,
    test(title, body) {
      if (installed) test.serial(title, body);
      else if (process.env.REQUIRE_TOOLS === '1') test(`${title} (${missing})`, (t) => t.fail(missing));
      else test.skip(`${title} (skipped: ${missing})`, body);
    },
  };
}
