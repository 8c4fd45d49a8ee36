// Original file: proto/tenon/data/v1/recipe.proto

import type { DropMissing as _tenon_data_v1_DropMissing, DropMissing__Output as _tenon_data_v1_DropMissing__Output } from '../../../tenon/data/v1/DropMissing.js';
import type { FillMissing as _tenon_data_v1_FillMissing, FillMissing__Output as _tenon_data_v1_FillMissing__Output } from '../../../tenon/data/v1/FillMissing.js';
import type { DropDuplicates as _tenon_data_v1_DropDuplicates, DropDuplicates__Output as _tenon_data_v1_DropDuplicates__Output } from '../../../tenon/data/v1/DropDuplicates.js';
import type { Standardize as _tenon_data_v1_Standardize, Standardize__Output as _tenon_data_v1_Standardize__Output } from '../../../tenon/data/v1/Standardize.js';
import type { MinMax as _tenon_data_v1_MinMax, MinMax__Output as _tenon_data_v1_MinMax__Output } from '../../../tenon/data/v1/MinMax.js';
import type { OneHot as _tenon_data_v1_OneHot, OneHot__Output as _tenon_data_v1_OneHot__Output } from '../../../tenon/data/v1/OneHot.js';
import type { Ordinal as _tenon_data_v1_Ordinal, Ordinal__Output as _tenon_data_v1_Ordinal__Output } from '../../../tenon/data/v1/Ordinal.js';
import type { MaxAbs as _tenon_data_v1_MaxAbs, MaxAbs__Output as _tenon_data_v1_MaxAbs__Output } from '../../../tenon/data/v1/MaxAbs.js';
import type { Robust as _tenon_data_v1_Robust, Robust__Output as _tenon_data_v1_Robust__Output } from '../../../tenon/data/v1/Robust.js';
import type { Pca as _tenon_data_v1_Pca, Pca__Output as _tenon_data_v1_Pca__Output } from '../../../tenon/data/v1/Pca.js';

/**
 * One step of a recipe.
 */
export interface RecipeStep {
  /**
   * The columns the step applies to. Empty means every input column of a type that the
   * step can take. Naming a column that does not exist, or of another type, is an error.
   */
  'columns'?: (string)[];
  /**
   * Leave out rows in which one of the columns is null. Training rows only: in a
   * prediction such a row is refused.
   */
  'dropMissing'?: (_tenon_data_v1_DropMissing | null);
  /**
   * Replace nulls.
   */
  'fillMissing'?: (_tenon_data_v1_FillMissing | null);
  /**
   * Leave out rows equal to an earlier row in the columns. Training rows only.
   */
  'dropDuplicates'?: (_tenon_data_v1_DropDuplicates | null);
  /**
   * Subtract the mean and divide by the standard deviation.
   */
  'standardize'?: (_tenon_data_v1_Standardize | null);
  /**
   * Map the training range onto [0, 1] or another interval.
   */
  'minMax'?: (_tenon_data_v1_MinMax | null);
  /**
   * One 0/1 feature per category.
   */
  'oneHot'?: (_tenon_data_v1_OneHot | null);
  /**
   * The category's index, ordered by its text.
   */
  'ordinal'?: (_tenon_data_v1_Ordinal | null);
  /**
   * Divide by the largest absolute value.
   */
  'maxAbs'?: (_tenon_data_v1_MaxAbs | null);
  /**
   * Subtract the median and divide by the distance of two quantiles.
   */
  'robust'?: (_tenon_data_v1_Robust | null);
  /**
   * Replace columns by the directions in which rows vary most.
   */
  'pca'?: (_tenon_data_v1_Pca | null);
  /**
   * What to do.
   */
  'step'?: "dropMissing"|"fillMissing"|"dropDuplicates"|"standardize"|"minMax"|"oneHot"|"ordinal"|"maxAbs"|"robust"|"pca";
}

/**
 * One step of a recipe.
 */
export interface RecipeStep__Output {
  /**
   * The columns the step applies to. Empty means every input column of a type that the
   * step can take. Naming a column that does not exist, or of another type, is an error.
   */
  'columns': (string)[];
  /**
   * Leave out rows in which one of the columns is null. Training rows only: in a
   * prediction such a row is refused.
   */
  'dropMissing'?: (_tenon_data_v1_DropMissing__Output | null);
  /**
   * Replace nulls.
   */
  'fillMissing'?: (_tenon_data_v1_FillMissing__Output | null);
  /**
   * Leave out rows equal to an earlier row in the columns. Training rows only.
   */
  'dropDuplicates'?: (_tenon_data_v1_DropDuplicates__Output | null);
  /**
   * Subtract the mean and divide by the standard deviation.
   */
  'standardize'?: (_tenon_data_v1_Standardize__Output | null);
  /**
   * Map the training range onto [0, 1] or another interval.
   */
  'minMax'?: (_tenon_data_v1_MinMax__Output | null);
  /**
   * One 0/1 feature per category.
   */
  'oneHot'?: (_tenon_data_v1_OneHot__Output | null);
  /**
   * The category's index, ordered by its text.
   */
  'ordinal'?: (_tenon_data_v1_Ordinal__Output | null);
  /**
   * Divide by the largest absolute value.
   */
  'maxAbs'?: (_tenon_data_v1_MaxAbs__Output | null);
  /**
   * Subtract the median and divide by the distance of two quantiles.
   */
  'robust'?: (_tenon_data_v1_Robust__Output | null);
  /**
   * Replace columns by the directions in which rows vary most.
   */
  'pca'?: (_tenon_data_v1_Pca__Output | null);
  /**
   * What to do.
   */
  'step'?: "dropMissing"|"fillMissing"|"dropDuplicates"|"standardize"|"minMax"|"oneHot"|"ordinal"|"maxAbs"|"robust"|"pca";
}
