import type { TenonError } from '../mesh/errors.js';

/** What a deployment serves: a fixed version, or whatever an alias names. */
export type Target =
  | { readonly kind: 'version'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string };

/** What was asked for: kept on disk and restored at start. */
export interface DeploymentRecord {
  /** `deployments/{deployment}`. */
  readonly name: string;
  /** Tells apart two deployments that had the same name one after the other. */
  readonly uid: string;
  readonly displayName: string;
  readonly target: Target;
  /** Counts the changes of what was asked for, from 1. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly createMs: number;
  readonly updateMs: number;
}

/** The states of a deployment: LOADING → READY | ERROR, ERROR → LOADING, any → DELETING. */
export type DeploymentState = 'STATE_LOADING' | 'STATE_READY' | 'STATE_ERROR' | 'STATE_DELETING';

/** Where a deployment stands; never kept, because it is found out again at start. */
export interface Standing {
  readonly state: DeploymentState;
  /** The version that answers; empty for none. */
  readonly activeVersion: string;
  /** The version being loaded; empty for none. */
  readonly loadingVersion: string;
  /** Why the last load failed. */
  readonly error: TenonError | null;
  /** When it last changed, in milliseconds since 1970. */
  readonly changedMs: number;
}

/** What can happen to a deployment. */
export type DeploymentEvent =
  /** A load begins. */
  | { readonly kind: 'loading'; readonly version: string }
  /** The version that was being loaded answers from now on. */
  | { readonly kind: 'ready'; readonly version: string }
  /** A load has failed, or the target names no version; `retrying` says that it is tried again by itself. */
  | { readonly kind: 'failed'; readonly error: TenonError; readonly retrying: boolean }
  /** What is wanted is what answers already: nothing is to be loaded. */
  | { readonly kind: 'settled' }
  /** It is being removed. */
  | { readonly kind: 'deleting' };

/** How a deployment begins. */
export function firstStanding(nowMs: number): Standing {
  return { state: 'STATE_LOADING', activeVersion: '', loadingVersion: '', error: null, changedMs: nowMs };
}

/**
 * The standing after an event. While a version answers the state stays READY whatever
 * becomes of another; nothing leads out of DELETING.
 */
export function nextStanding(standing: Standing, event: DeploymentEvent, nowMs: number): Standing {
  if (standing.state === 'STATE_DELETING') return standing;
  const serving = standing.activeVersion !== '';
  const changed = { ...standing, changedMs: nowMs };
  switch (event.kind) {
    case 'loading':
      return { ...changed, state: serving ? 'STATE_READY' : 'STATE_LOADING', loadingVersion: event.version };
    case 'ready':
      return { ...changed, state: 'STATE_READY', activeVersion: event.version, loadingVersion: '', error: null };
    case 'failed': {
      const failed = event.retrying ? 'STATE_LOADING' : 'STATE_ERROR';
      const loadingVersion = event.retrying ? standing.loadingVersion : '';
      return { ...changed, state: serving ? 'STATE_READY' : failed, loadingVersion, error: event.error };
    }
    case 'settled':
      return { ...changed, loadingVersion: '', error: null };
    default:
      return { ...changed, state: 'STATE_DELETING', loadingVersion: '' };
  }
}
