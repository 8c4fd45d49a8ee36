// Original file: proto/tenon/training/v1/search.proto

import type { GridSearch as _tenon_training_v1_GridSearch, GridSearch__Output as _tenon_training_v1_GridSearch__Output } from '../../../tenon/training/v1/GridSearch.js';
import type { RandomSearch as _tenon_training_v1_RandomSearch, RandomSearch__Output as _tenon_training_v1_RandomSearch__Output } from '../../../tenon/training/v1/RandomSearch.js';
import type { HalvingSearch as _tenon_training_v1_HalvingSearch, HalvingSearch__Output as _tenon_training_v1_HalvingSearch__Output } from '../../../tenon/training/v1/HalvingSearch.js';
import type { AutomaticSearch as _tenon_training_v1_AutomaticSearch, AutomaticSearch__Output as _tenon_training_v1_AutomaticSearch__Output } from '../../../tenon/training/v1/AutomaticSearch.js';
import type { SearchBudget as _tenon_training_v1_SearchBudget, SearchBudget__Output as _tenon_training_v1_SearchBudget__Output } from '../../../tenon/training/v1/SearchBudget.js';

/**
 * How candidates are made from spaces, and when to stop.
 */
export interface Search {
  /**
   * Every combination of the listed values.
   */
  'grid'?: (_tenon_training_v1_GridSearch | null);
  /**
   * Combinations drawn at random.
   */
  'random'?: (_tenon_training_v1_RandomSearch | null);
  /**
   * Many combinations on few rows, then the better ones on more rows, and so on.
   */
  'halving'?: (_tenon_training_v1_HalvingSearch | null);
  /**
   * Estimators and spaces picked by task and size of the table; `estimator` and
   * `candidates` must be empty.
   */
  'automatic'?: (_tenon_training_v1_AutomaticSearch | null);
  /**
   * When to stop. The best candidate so far wins; one is always finished.
   */
  'budget'?: (_tenon_training_v1_SearchBudget | null);
  /**
   * The strategy. Unset: grid.
   */
  'strategy'?: "grid"|"random"|"halving"|"automatic";
}

/**
 * How candidates are made from spaces, and when to stop.
 */
export interface Search__Output {
  /**
   * Every combination of the listed values.
   */
  'grid'?: (_tenon_training_v1_GridSearch__Output | null);
  /**
   * Combinations drawn at random.
   */
  'random'?: (_tenon_training_v1_RandomSearch__Output | null);
  /**
   * Many combinations on few rows, then the better ones on more rows, and so on.
   */
  'halving'?: (_tenon_training_v1_HalvingSearch__Output | null);
  /**
   * Estimators and spaces picked by task and size of the table; `estimator` and
   * `candidates` must be empty.
   */
  'automatic'?: (_tenon_training_v1_AutomaticSearch__Output | null);
  /**
   * When to stop. The best candidate so far wins; one is always finished.
   */
  'budget': (_tenon_training_v1_SearchBudget__Output | null);
  /**
   * The strategy. Unset: grid.
   */
  'strategy'?: "grid"|"random"|"halving"|"automatic";
}
