import type { Model } from '../../proto/gen/tenon/registry/v1/index.js';
import { etagOf } from '../mesh/resource/etag.js';
import { timestampOf } from '../mesh/resource/timestamp.js';

/** A model as the store keeps it. Plain JSON. */
export interface ModelRecord {
  /** The id of `models/{id}`. */
  id: string;
  /** Differs between a model and a later one of the same name. */
  uid: string;
  displayName: string;
  description: string;
  /** Alias to the number of the version it names. */
  aliases: Readonly<Record<string, number>>;
  /** The number of the newest version; null while there is none. */
  latest: number | null;
  versionCount: number;
  /** Counts the changes of the model, its versions and aliases. */
  revision: number;
  /** Milliseconds since 1970. */
  createMs: number;
  updateMs: number;
}

/** `models/iris`. */
export function modelName(id: string): string {
  return `models/${id}`;
}

/** `models/iris/versions/3`. */
export function versionName(id: string, version: number): string {
  return `models/${id}/versions/${version}`;
}

/** The model's etag: it changes with every change of the model, its versions and aliases. */
export function etagOfModel({ uid, revision }: Pick<ModelRecord, 'uid' | 'revision'>): string {
  return etagOf([uid, revision]);
}

/** The model as the contract shows it. */
export function toModel(model: ModelRecord): Model {
  const { id, latest } = model;
  return {
    name: modelName(id),
    displayName: model.displayName,
    description: model.description,
    aliases: Object.fromEntries(
      Object.entries(model.aliases).map(([alias, version]) => [alias, versionName(id, version)]),
    ),
    latestVersion: latest === null ? '' : versionName(id, latest),
    versionCount: model.versionCount,
    createTime: timestampOf(model.createMs),
    updateTime: timestampOf(model.updateMs),
    etag: etagOfModel(model),
  };
}
