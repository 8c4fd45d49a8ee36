import test from 'ava';
import { fails, soon, startData, upload } from '../unit/data/data-service.js';

const name = 'recipes/r';
const steps = [{ columns: ['x'], fillMissing: { strategy: 'STRATEGY_MEAN' as const } }, { oneHot: {} }];

test('a recipe is created, read, changed and deleted', async (t) => {
  const { recipes } = await startData(t);
  const created = await recipes.createRecipe({ recipe: { name, displayName: 'R', steps } }, soon);
  t.is(created.steps[0]?.step, 'fillMissing');
  t.is(created.steps[1]?.step, 'oneHot');
  t.deepEqual(await recipes.getRecipe({ name }, soon), created);
  const changed = await recipes.updateRecipe(
    { recipe: { name, displayName: 'S', etag: created.etag }, updateMask: { paths: ['display_name'] } },
    soon,
  );
  t.is(changed.displayName, 'S');
  t.deepEqual(changed.steps, created.steps);
  await fails(t, 'ETAG_MISMATCH', recipes.updateRecipe({ recipe: { name, etag: created.etag } }, soon));
  await fails(t, 'ETAG_MISMATCH', recipes.deleteRecipe({ name, etag: created.etag }, soon));
  await recipes.deleteRecipe({ name, etag: changed.etag }, soon);
  await fails(t, 'RESOURCE_NOT_FOUND', recipes.getRecipe({ name }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', recipes.deleteRecipe({ name }, soon));
  await fails(t, 'RESOURCE_NOT_FOUND', recipes.updateRecipe({ recipe: { name } }, soon));
});

test('creating a recipe is safe to retry and refuses a name taken', async (t) => {
  const { recipes } = await startData(t);
  const request = { recipe: { name, steps }, requestId: 'one' };
  const created = await recipes.createRecipe(request, soon);
  t.deepEqual(await recipes.createRecipe(request, soon), created);
  await fails(t, 'RESOURCE_EXISTS', recipes.createRecipe({ recipe: { name, steps } }, soon));
  await fails(t, 'REQUEST_ID_REUSED', recipes.createRecipe({ recipe: { name }, requestId: 'one' }, soon));
});

test('a recipe that is wrong is refused by its field', async (t) => {
  const { recipes } = await startData(t);
  for (const [recipe, field] of [
    [{ name: 'recipes/R' }, 'recipe.name'],
    [{ name, displayName: 'x'.repeat(129) }, 'recipe.display_name'],
    [{ name, steps: [{}] }, 'recipe.steps[0].step'],
    [{ name, steps: [{ minMax: { lower: 2, upper: 1 } }] }, 'recipe.steps[0].min_max.lower'],
    [
      { name, steps: [{ robust: { lowerQuantile: 0.9, upperQuantile: 0.1 } }] },
      'recipe.steps[0].robust.lower_quantile',
    ],
    [{ name, steps: [{ robust: { upperQuantile: 1.5 } }] }, 'recipe.steps[0].robust.upper_quantile'],
    [{ name, steps: [{ pca: { components: -1 } }] }, 'recipe.steps[0].pca.components'],
    [{ name, steps: [{ pca: { explainedVariance: 1.5 } }] }, 'recipe.steps[0].pca.explained_variance'],
    [{ name, steps: [{ pca: { components: 2, explainedVariance: 0.5 } }] }, 'recipe.steps[0].pca.explained_variance'],
  ] as const) {
    const error = await fails(t, 'INVALID_FIELD', recipes.createRecipe({ recipe: recipe as object }, soon));
    t.is(error.violations[0]?.field, field);
  }
  await fails(t, 'INVALID_FIELD', recipes.createRecipe({}, soon));
});

test('recipes are listed in pages and survive a restart', async (t) => {
  const before = await startData(t);
  for (const id of ['b', 'c', 'a']) await before.recipes.createRecipe({ recipe: { name: `recipes/${id}` } }, soon);
  await before.stop();
  const { recipes } = await startData(t, { directory: before.directory });
  const first = await recipes.listRecipes({ pageSize: 2 }, soon);
  const second = await recipes.listRecipes({ pageSize: 2, pageToken: first.nextPageToken }, soon);
  t.deepEqual(
    [...first.recipes, ...second.recipes].map((recipe) => recipe.name),
    ['recipes/a', 'recipes/b', 'recipes/c'],
  );
  t.is(second.nextPageToken, '');
  await fails(t, 'INVALID_FIELD', recipes.listRecipes({ pageToken: 'nonsense' }, soon));
});

test('a preview shows rows as the estimator would see them', async (t) => {
  const service = await startData(t);
  const { recipes } = service;
  const { name: datasetVersion } = await upload(service, 'x,kind,y\n1,a,0\n,b,1\n3,a,0\n');
  const given = await recipes.previewRecipe({ datasetVersion, steps, target: 'y', rowCount: 2 }, soon);
  t.is(given.features.length, 3);
  t.is(given.rows.length, 2);
  t.is(given.rows[1]?.values[given.features[0] ?? '']?.doubleValue, 2);
  await recipes.createRecipe({ recipe: { name, steps } }, soon);
  t.deepEqual(await recipes.previewRecipe({ datasetVersion, recipe: name, target: 'y', rowCount: 2 }, soon), given);
  const dropped = await recipes.previewRecipe(
    { datasetVersion, steps: [{ dropMissing: {} }, { oneHot: {} }], target: 'y' },
    soon,
  );
  t.is(dropped.droppedRows, 1);
});

test('a preview shows the components that a reduction finds', async (t) => {
  const service = await startData(t);
  const { name: datasetVersion } = await upload(service, 'x,y,z,kind\n1,2,0,a\n2,4,1,b\n3,6,0,a\n4,8,,b\n');
  const pca = { columns: ['x', 'y'], pca: {} };
  const request = { datasetVersion, steps: [{ columns: ['kind'], ordinal: {} }, { maxAbs: {} }, { robust: {} }, pca] };
  const { features, rows } = await service.recipes.previewRecipe(request, soon);
  t.deepEqual(features, ['z', 'kind', 'pca0']);
  t.is(rows.length, 4);
  t.is(typeof rows[0]?.values.pca0?.doubleValue, 'number');
  const gap = service.recipes.previewRecipe(
    { datasetVersion, steps: [{ columns: ['kind'], oneHot: {} }, { pca: {} }] },
    soon,
  );
  const refused = await fails(t, 'NOT_FINITE', gap);
  t.regex(refused.message, /^steps\[1\]\.pca: "z" is missing in a training row.*fill_missing/);
});

test('a preview that cannot be made says why', async (t) => {
  const service = await startData(t, { argv: ['--data.max-preview-cells=8'] });
  const { recipes } = service;
  const { name: datasetVersion } = await upload(service, 'x,kind,y\n1,a,0\n,b,1\n3,a,0\n');
  const preview = (request: object) => recipes.previewRecipe({ datasetVersion, target: 'y', ...request }, soon);
  await fails(t, 'RESOURCE_NOT_FOUND', preview({ recipe: 'recipes/none' }));
  await fails(t, 'RESOURCE_NOT_FOUND', preview({ steps, datasetVersion: 'datasets/none/versions/1' }));
  await fails(t, 'INVALID_FIELD', preview({ steps, recipe: name }));
  await fails(t, 'INVALID_FIELD', preview({ steps, rowCount: 1001 }));
  await fails(t, 'UNKNOWN_COLUMN', preview({ steps, target: 'none' }));
  const unknown = await fails(t, 'UNKNOWN_COLUMN', preview({ steps: [{ columns: ['none'], standardize: {} }] }));
  t.is(unknown.violations[0]?.field, 'steps[0].columns[0]');
  const text = await fails(t, 'INVALID_FIELD', preview({ steps: [] }));
  t.regex(text.message, /^dataset_version: "kind" is text/);
  t.is(text.violations[0]?.field, 'dataset_version');
  const beyond = preview({ steps: [{ columns: ['x'], minMax: { lower: -1.7e308 } }, { oneHot: {} }] });
  t.regex((await fails(t, 'NOT_FINITE', beyond)).message, /^dataset_version: row 0, column "x": /);
  await recipes.createRecipe({ recipe: { name, steps: [{ columns: ['none'], standardize: {} }] } }, soon);
  const stored = await fails(t, 'UNKNOWN_COLUMN', preview({ recipe: name }));
  t.is(stored.violations[0]?.field, 'recipe');
  t.regex(stored.message, /^recipe: steps\[0\]\.columns\[0\]: "none"/);
  await fails(t, 'QUOTA_EXCEEDED', preview({ steps, target: '' }));
});
