import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Matrix } from '../../native/table/matrix.js';
import { MissingTool } from './missing-tool.js';

/** Where Debian's package puts the images; bench/peers/network.py reads them from there too. */
const folder = '/usr/share/datasets/fashion-mnist';

const pixels = 784;

/** Images as rows of `pixels` features of about unit variance, and which of ten things each shows. */
export interface Images {
  readonly features: Matrix;
  readonly target: Float64Array;
}

/** Fashion-MNIST's 60,000 training or 10,000 test images, the first `limit` of them. Throws MissingTool. */
export async function fashionMnist(part: 'train' | 't10k', limit = Number.POSITIVE_INFINITY): Promise<Images> {
  const read = async (name: string) => {
    try {
      return await promisify(gunzip)(await readFile(join(folder, `${part}-${name}-ubyte.gz`)));
    } catch (cause) {
      const error = new MissingTool('Fashion-MNIST', 'Debian: apt-get install dataset-fashion-mnist');
      error.cause = cause;
      throw error;
    }
  };
  const [images, labels] = [await read('images-idx3'), await read('labels-idx1')];
  const rowCount = Math.min(limit, labels.length - 8);
  // The mean and deviation of all training pixels.
  const data = Float32Array.from(
    { length: rowCount * pixels },
    (_, i) => ((images[16 + i] ?? 0) / 255 - 0.286) / 0.353,
  );
  return {
    features: { data, rowCount, columnCount: pixels },
    target: Float64Array.from(labels.subarray(8, 8 + rowCount)),
  };
}
