/** A program that a benchmark needs is not installed; the message says how to get it. */
export class MissingTool extends Error {
  constructor(tool: string, howToGet: string) {
    super(`${tool} is not installed (${howToGet})`);
  }
}
