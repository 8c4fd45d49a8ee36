// Serves what forest_onnx.py left in a folder: as columns of numbers, as an import makes it, `deployments/forest`; and with one
// column that is an array, as other servers take rows, `deployments/forest-array`. Use: node forest-server.js FOLDER
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundle } from '../../native/bundle/bundle.js';
import { signatureOf } from '../../native/bundle/signature.js';
import { signatureMessage } from '../../native/bundle/signature-message.js';
import { loadModel } from '../../native/estimators/load-model.js';
import { importBundle } from '../../native/exchange/import-bundle.js';
import { importModel } from '../../native/exchange/import-model.js';
import { fittedRecipeOf } from '../../native/recipe/fitted-recipe.js';
import { readFloats } from '../lib/arrays.js';
import { type ServedBundle, serve } from './serve.js';

const folder = process.argv[2] ?? '';
const imported = importModel(await readFile(join(folder, 'model.onnx')));
const features = JSON.parse(await readFile(join(folder, 'columns.json'), 'utf8')) as string[];

function asColumns(): ServedBundle {
  const { files, signature, recipe } = importBundle(imported, { features, classes: [], target: '' });
  return { files, signature: signatureMessage(signature, recipe.data) };
}

async function asArray(): Promise<ServedBundle> {
  const shape = [features.length];
  const recipe = fittedRecipeOf({
    formatVersion: 1,
    inputs: [{ name: 'x', type: 'tensor', dtype: 'f32', shape }],
    ops: [],
  });
  const signature = signatureOf(recipe.data, {
    target: { name: 'target', type: 'integer' },
    task: 'classification',
    classes: ['0', '1'],
    acceptsMissing: false,
  });
  const model = loadModel(imported.model);
  const row = (await readFloats(join(folder, 'rows.f32'))).slice(0, features.length);
  const files = writeBundle({ model, recipe, signature, parityRows: [[[...row]]] });
  model.dispose();
  return { files, signature: signatureMessage(signature, recipe.data) };
}

await serve(loadModel, { forest: asColumns(), 'forest-array': await asArray() });
