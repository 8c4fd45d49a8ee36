import type { Matrix } from '../../native/table/matrix.js';
import { nodePeer } from './node-peers.js';

/** ONNX Runtime as JavaScript calls it. */
export const onnxRuntimeNode = { name: 'onnxruntime-node', version: '1.30.0' };

interface Runtime {
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: 'float32', data: Float32Array, shape: number[]) => object;
}
interface Session {
  run(feeds: Record<string, object>, fetches?: readonly string[]): Promise<Record<string, { data: Float32Array }>>;
}

/** A model's file, opened to score rows on so many threads; of what it computes, `output` alone is asked for. */
export async function openOnnx(
  path: string,
  { input, output, threads = 1 }: { input: string; output: string; threads?: number },
): Promise<(rows: Matrix) => Promise<Float32Array>> {
  const { InferenceSession, Tensor } = await nodePeer<Runtime>(onnxRuntimeNode.name, onnxRuntimeNode.version);
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads });
  const outputs = [output];
  return async ({ data, rowCount, columnCount }) => {
    const results = await session.run({ [input]: new Tensor('float32', data, [rowCount, columnCount]) }, outputs);
    return results[output]?.data ?? new Float32Array();
  };
}
