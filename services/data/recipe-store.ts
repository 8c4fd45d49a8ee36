import { alreadyExists, notFound } from '../mesh/errors.js';
import type { Database } from '../mesh/storage/database.js';
import { once } from '../mesh/storage/idempotency.js';
import type { DataStore, RecipeRecord } from './store.js';

interface RecipeRow {
  name: string;
  display_name: string;
  steps: string;
  revision: number;
  create_ms: number;
  update_ms: number;
}

function recipeOf(row: RecipeRow): RecipeRecord {
  return {
    name: row.name,
    displayName: row.display_name,
    steps: JSON.parse(row.steps) as RecipeRecord['steps'],
    revision: row.revision,
    createMs: row.create_ms,
    updateMs: row.update_ms,
  };
}

const byName = 'SELECT * FROM recipes WHERE name = ?';

/** The part of the store that keeps recipes. */
export function recipeStore(
  database: Database,
  now: () => number,
): Pick<DataStore, 'createRecipe' | 'getRecipe' | 'listRecipes' | 'updateRecipe' | 'deleteRecipe'> {
  return {
    createRecipe: ({ name, displayName, steps }, { requestId, request }) =>
      database.transaction((tx) =>
        once(tx, { method: 'CreateRecipe', requestId, request }, async () => {
          if ((await tx.get(byName, [name])) !== undefined) throw alreadyExists(name);
          const time = now();
          await tx.run('INSERT INTO recipes VALUES (?, ?, ?, 1, ?, ?)', [
            name,
            displayName,
            JSON.stringify(steps),
            time,
            time,
          ]);
          return { name, displayName, steps, revision: 1, createMs: time, updateMs: time };
        }),
      ),

    async getRecipe(name) {
      const row = await database.get<RecipeRow>(byName, [name]);
      return row === undefined ? null : recipeOf(row);
    },

    async listRecipes(limit, after) {
      const sql = 'SELECT * FROM recipes WHERE name > ? ORDER BY name LIMIT ?';
      return (await database.all<RecipeRow>(sql, [after ?? '', limit])).map(recipeOf);
    },

    updateRecipe: (name, change) =>
      database.transaction(async (tx) => {
        const row = await tx.get<RecipeRow>(byName, [name]);
        if (row === undefined) throw notFound(name);
        const current = recipeOf(row);
        const updated = { ...current, ...change(current), revision: current.revision + 1, updateMs: now() };
        await tx.run('UPDATE recipes SET display_name = ?, steps = ?, revision = ?, update_ms = ? WHERE name = ?', [
          updated.displayName,
          JSON.stringify(updated.steps),
          updated.revision,
          updated.updateMs,
          name,
        ]);
        return updated;
      }),

    deleteRecipe: (name, check) =>
      database.transaction(async (tx) => {
        const row = await tx.get<RecipeRow>(byName, [name]);
        if (row === undefined) throw notFound(name);
        check(recipeOf(row));
        await tx.run('DELETE FROM recipes WHERE name = ?', [name]);
      }),
  };
}
