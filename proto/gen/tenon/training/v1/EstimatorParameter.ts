// Original file: proto/tenon/training/v1/estimator.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

// Original file: proto/tenon/training/v1/estimator.proto

/**
 * The type of a parameter's value.
 */
export const _tenon_training_v1_EstimatorParameter_Type = {
  /**
   * Not stated; never sent.
   */
  TYPE_UNSPECIFIED: 'TYPE_UNSPECIFIED',
  /**
   * A whole number.
   */
  TYPE_INTEGER: 'TYPE_INTEGER',
  /**
   * A number.
   */
  TYPE_DOUBLE: 'TYPE_DOUBLE',
  /**
   * True or false.
   */
  TYPE_BOOLEAN: 'TYPE_BOOLEAN',
  /**
   * One of `choices`.
   */
  TYPE_CHOICE: 'TYPE_CHOICE',
  /**
   * One or more whole numbers as a string, separated by commas: "256,128". One alone may also
   * be an integer.
   */
  TYPE_INTEGERS: 'TYPE_INTEGERS',
  /**
   * One or more columns as a string, separated by commas; a JSON array of them where a name holds
   * a comma; or `automatic` or `none`.
   */
  TYPE_COLUMNS: 'TYPE_COLUMNS',
  /**
   * Columns with 1, 0 or -1 as a string: "size=1,age=-1", or a JSON object.
   */
  TYPE_COLUMN_SIGNS: 'TYPE_COLUMN_SIGNS',
} as const;

/**
 * The type of a parameter's value.
 */
export type _tenon_training_v1_EstimatorParameter_Type =
  /**
   * Not stated; never sent.
   */
  | 'TYPE_UNSPECIFIED'
  | 0
  /**
   * A whole number.
   */
  | 'TYPE_INTEGER'
  | 1
  /**
   * A number.
   */
  | 'TYPE_DOUBLE'
  | 2
  /**
   * True or false.
   */
  | 'TYPE_BOOLEAN'
  | 3
  /**
   * One of `choices`.
   */
  | 'TYPE_CHOICE'
  | 4
  /**
   * One or more whole numbers as a string, separated by commas: "256,128". One alone may also
   * be an integer.
   */
  | 'TYPE_INTEGERS'
  | 5
  /**
   * One or more columns as a string, separated by commas; a JSON array of them where a name holds
   * a comma; or `automatic` or `none`.
   */
  | 'TYPE_COLUMNS'
  | 6
  /**
   * Columns with 1, 0 or -1 as a string: "size=1,age=-1", or a JSON object.
   */
  | 'TYPE_COLUMN_SIGNS'
  | 7

/**
 * The type of a parameter's value.
 */
export type _tenon_training_v1_EstimatorParameter_Type__Output = typeof _tenon_training_v1_EstimatorParameter_Type[keyof typeof _tenon_training_v1_EstimatorParameter_Type]

/**
 * One parameter of an estimator. Names follow scikit-learn where the idea is the same.
 */
export interface EstimatorParameter {
  /**
   * The parameter's name.
   */
  'name'?: (string);
  /**
   * The type of its value.
   */
  'type'?: (_tenon_training_v1_EstimatorParameter_Type);
  /**
   * One line on what it does.
   */
  'help'?: (string);
  /**
   * The value used when the parameter is not given.
   */
  'defaultValue'?: (_tenon_common_v1_Value | null);
  /**
   * The smallest value allowed; numbers only, of TYPE_INTEGERS each.
   */
  'min'?: (number | string);
  /**
   * Whether `min` itself is refused.
   */
  'minExclusive'?: (boolean);
  /**
   * The largest value allowed; numbers only, of TYPE_INTEGERS each.
   */
  'max'?: (number | string);
  /**
   * The values allowed; choices only.
   */
  'choices'?: (string)[];
  /**
   * The most numbers allowed; TYPE_INTEGERS only.
   */
  'maxItems'?: (number);
}

/**
 * One parameter of an estimator. Names follow scikit-learn where the idea is the same.
 */
export interface EstimatorParameter__Output {
  /**
   * The parameter's name.
   */
  'name': (string);
  /**
   * The type of its value.
   */
  'type': (_tenon_training_v1_EstimatorParameter_Type__Output);
  /**
   * One line on what it does.
   */
  'help': (string);
  /**
   * The value used when the parameter is not given.
   */
  'defaultValue': (_tenon_common_v1_Value__Output | null);
  /**
   * The smallest value allowed; numbers only, of TYPE_INTEGERS each.
   */
  'min': (number);
  /**
   * Whether `min` itself is refused.
   */
  'minExclusive': (boolean);
  /**
   * The largest value allowed; numbers only, of TYPE_INTEGERS each.
   */
  'max': (number);
  /**
   * The values allowed; choices only.
   */
  'choices': (string)[];
  /**
   * The most numbers allowed; TYPE_INTEGERS only.
   */
  'maxItems': (number);
}
