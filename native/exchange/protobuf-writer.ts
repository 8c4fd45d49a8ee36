const textEncoder = new TextEncoder();

/** Writes Protocol Buffers by field number; nested messages are written apart and put in as bytes. */
export class ProtobufWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** What was written. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  private varint(value: number): void {
    this.reserve(10);
    if (value < 0) {
      // Two's complement in 64 bits: always ten bytes.
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.bytes[this.length++] = Number(rest & 127n) | 128;
      this.bytes[this.length++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.bytes[this.length++] = (rest % 128) | 128;
    this.bytes[this.length++] = rest;
  }

  /** A whole number, at most 2^53 - 1 in size. */
  integer(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    this.varint(field * 8 + 5);
    this.reserve(4);
    this.view.setFloat32(this.length, value, true);
    this.length += 4;
    return this;
  }

  /** Bytes, or a message written apart. */
  raw(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
    return this;
  }

  text(field: number, value: string): this {
    return this.raw(field, textEncoder.encode(value));
  }

  /** Whole numbers, packed. */
  integers(field: number, values: ArrayLike<number>): this {
    const packed = new ProtobufWriter();
    for (let at = 0; at < values.length; at++) packed.varint(values[at] as number);
    return this.raw(field, packed.bytes.subarray(0, packed.length));
  }

  /** 32-bit floats, packed. */
  floats(field: number, values: ArrayLike<number>): this {
    const data = new DataView(new ArrayBuffer(values.length * 4));
    for (let at = 0; at < values.length; at++) data.setFloat32(at * 4, values[at] as number, true);
    return this.raw(field, new Uint8Array(data.buffer));
  }
}
