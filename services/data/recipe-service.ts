import { fitRecipeOnRows } from '../../native/recipe/fit-recipe.js';
import { type FeatureGroup, featureGroups } from '../../native/recipe/fitted-recipe-data.js';
import { stepsFromMessage } from '../../native/recipe/from-message.js';
import { RecipeError } from '../../native/recipe/recipe-error.js';
import { tableFromChunks } from '../../native/table/from-chunks.js';
import { shownValue } from '../../native/table/table-error.js';
import { elementCount } from '../../native/table/tensor-type.js';
import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import type { PreviewRecipeResponse, RecipeServiceHandlers } from '../../proto/gen/tenon/data/v1/index.js';
import { invalidField, notFound, TenonError } from '../mesh/errors.js';
import { checkEtag } from '../mesh/resource/etag.js';
import { fieldsToUpdate } from '../mesh/resource/field-mask.js';
import { parseName } from '../mesh/resource/name.js';
import { cutPage, pageOf } from '../mesh/resource/page.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import type { Implementation } from '../mesh/rpc/handler.js';
import type { DataParts } from './dataset-service.js';
import { engineError } from './errors.js';
import { etagOfRecipe, toRecipe } from './message.js';
import { readChunks, type TableChunk } from './read-chunks.js';
import { checkRowCount } from './validate.js';
import { positionOf, versionNamed } from './versions.js';

/** Where an error is told: the request's field, and what has to be said besides, ending in `: ` unless empty. */
interface Place {
  field: string;
  within: string;
}

type PlaceOf = (error: RecipeError) => Place;

/** Runs `body`, what it throws about a recipe becoming Tenon's error of the same reason, told at `placeOf` the error. */
function recipeErrors<T>(body: () => T, placeOf?: PlaceOf): T {
  try {
    return body();
  } catch (error) {
    throw toldAt(error, placeOf);
  }
}

function toldAt(error: unknown, placeOf: PlaceOf = ({ field }) => ({ field, within: '' })): unknown {
  if (!(error instanceof RecipeError)) return error;
  const { reason, seen, bound, column, row } = error;
  const { field, within } = placeOf(error);
  const description = `${within}${shownValue(seen)} ${bound}`;
  return new TenonError({
    reason,
    message: `${field}: ${description}`,
    violations: [{ field, description }],
    facts: { field, ...(column === undefined ? {} : { column }), ...(row === undefined ? {} : { row }) },
    cause: error,
  });
}

/**
 * Where an error of a preview's fitting is told. The steps of a stored recipe, and the version's columns and rows, stand in
 * no field of the request: they are told at the field that names the recipe or the version.
 */
function placeInPreview({ field, row, column }: RecipeError, recipe: string): Place {
  if (/^steps\b/.test(field)) return recipe === '' ? { field, within: '' } : { field: 'recipe', within: `${field}: ` };
  const within = row === undefined ? '' : `row ${row}, column ${shownValue(column)}: `;
  return { field: 'dataset_version', within };
}

/** The handlers of RecipeService. */
export function createRecipeService(parts: DataParts): Implementation<RecipeServiceHandlers> {
  const { store, files, engine, maxPreviewCells } = parts;
  return {
    async createRecipe(request) {
      const { recipe, requestId } = request;
      checkRequestId(requestId);
      if (recipe === null) throw invalidField('recipe', null, 'must be set');
      const { name, displayName, steps } = recipe;
      parseName('recipes/{recipe}', name, 'recipe.name');
      checkText('recipe.display_name', displayName, { max: 128 });
      recipeErrors(() => stepsFromMessage(steps, 'recipe.steps'));
      return toRecipe(await store.createRecipe({ name, displayName, steps }, { requestId, request }));
    },

    async getRecipe({ name }) {
      parseName('recipes/{recipe}', name, 'name');
      const recipe = await store.getRecipe(name);
      if (recipe === null) throw notFound(name);
      return toRecipe(recipe);
    },

    async listRecipes(request) {
      const page = pageOf(request, 'recipes');
      const found = await store.listRecipes(page.limit + 1, page.after);
      const { items, nextPageToken } = cutPage(found, page, 'recipes', ({ name }) => name);
      return { recipes: items.map(toRecipe), nextPageToken };
    },

    async updateRecipe({ recipe, updateMask }) {
      if (recipe === null) throw invalidField('recipe', null, 'must be set');
      const { name, displayName, steps, etag } = recipe;
      parseName('recipes/{recipe}', name, 'recipe.name');
      const fields = fieldsToUpdate(updateMask, ['display_name', 'steps']);
      if (fields.has('display_name')) checkText('recipe.display_name', displayName, { max: 128 });
      if (fields.has('steps')) recipeErrors(() => stepsFromMessage(steps, 'recipe.steps'));
      const updated = await store.updateRecipe(name, (current) => {
        checkEtag(etag, etagOfRecipe(current), name);
        return { ...(fields.has('display_name') ? { displayName } : {}), ...(fields.has('steps') ? { steps } : {}) };
      });
      return toRecipe(updated);
    },

    async deleteRecipe({ name, etag }) {
      parseName('recipes/{recipe}', name, 'name');
      await store.deleteRecipe(name, (current) => checkEtag(etag, etagOfRecipe(current), name));
      return {};
    },

    async previewRecipe(
      { datasetVersion, steps, recipe, target, rowCount },
      { signal },
    ): Promise<PreviewRecipeResponse> {
      const limit = checkRowCount(rowCount);
      const checked = recipeErrors(() => stepsFromMessage(steps, 'steps'));
      if (recipe !== '') {
        parseName('recipes/{recipe}', recipe, 'recipe');
        if (steps.length > 0) throw invalidField('recipe', recipe, 'must be left out together with steps');
      }
      const version = await versionNamed(store, datasetVersion, 'dataset_version');
      const stored = recipe === '' ? null : await store.getRecipe(recipe);
      if (recipe !== '' && stored === null) throw notFound(recipe);
      const { columns } = version;
      const targetAt = target === '' ? null : positionOf(columns, target, 'target');
      const positions = columns.map((_, index) => index).filter((index) => index !== targetAt);
      const widths = positions.map((index) => elementCount(columns[index]?.tensor?.shape ?? []));
      const cells = version.rowCount * widths.reduce((sum, width) => sum + width, 0);
      if (cells > maxPreviewCells) {
        throw new TenonError({
          reason: 'QUOTA_EXCEEDED',
          message: `${cells} cells in ${datasetVersion} must be at most ${maxPreviewCells}, data.max-preview-cells`,
          facts: { cells, bound: maxPreviewCells, option: 'data.max-preview-cells' },
        });
      }
      const chunks: TableChunk[] = [];
      await engineError(
        engine.use(signal, async (connection) => {
          const path = await files.pathOf(version, signal);
          const options = { connection, path, stored: columns, columns: positions, wanted: null, signal };
          for await (const chunk of readChunks(options)) chunks.push(chunk);
        }),
      );
      try {
        const table = tableFromChunks(chunks);
        const inputs = positions.map((index) => columns[index]?.name ?? '');
        const plan = stored === null ? checked : stepsFromMessage(stored.steps);
        const fitted = await fitRecipeOnRows(plan, table, { inputs, signal });
        // Components take the time of all weights for each row, so that only those shown are computed.
        const { features, keptRows } = fitted.apply({ componentRows: limit });
        const groups = featureGroups(fitted.recipe.data);
        const most = Math.max(1, Math.floor(maxPreviewValues / features.columnCount));
        const rows = Array.from({ length: Math.min(limit, features.rowCount, most) }, (_, row) => {
          const start = row * features.columnCount;
          const values = features.data.subarray(start, start + features.columnCount);
          return { values: Object.fromEntries(previewCells(groups, values)) };
        });
        return { features: groups.map(({ name }) => name), rows, droppedRows: table.rowCount - keptRows.length };
      } catch (error) {
        throw toldAt(error, (told) => placeInPreview(told, recipe));
      }
    },
  };
}

/** The most features of the rows that a preview returns; rows beyond are left out. */
const maxPreviewValues = 4_000_000;

/** The features of one row as values; a missing one is left out, and so is a tensor of missing ones. */
function previewCells(groups: readonly FeatureGroup[], values: Float32Array): [string, Value][] {
  let at = 0;
  return groups.flatMap(({ name, width, shape }): [string, Value][] => {
    const own = values.subarray(at, at + width);
    at += width;
    if (own.some(Number.isNaN)) return [];
    if (shape === null) return [[name, { doubleValue: own[0] ?? 0 }]];
    const data = Buffer.from(own.slice().buffer);
    return [[name, { tensorValue: { dtype: 'DATA_TYPE_FP32', shape: [...shape], data } }]];
  });
}
