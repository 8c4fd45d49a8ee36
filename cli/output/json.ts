/**
 * Prints a message as JSON: bytes in base64, and none of the oneof discriminators that
 * repeat which field is set.
 */
export function printJson(message: unknown): void {
  console.log(
    JSON.stringify(message, (_key, value: unknown) => (Buffer.isBuffer(value) ? value.toString('base64') : value), 2),
  );
}
