// Original file: proto/tenon/serving/v1/explanation.proto


/**
 * How one output of the model came about: `output` is `base_value` plus all
 * `contributions` plus `rest`.
 */
export interface OutputExplanation {
  /**
   * The class; empty but for classification.
   */
  'class'?: (string);
  /**
   * What the model gives for the row, in the space of the response.
   */
  'output'?: (number | string);
  /**
   * What it gives on average.
   */
  'baseValue'?: (number | string);
  /**
   * How much each column moves the output away from the base value: in the order of
   * `ExplainResponse.names`, or where `limit` leaves some out, of `indices`.
   */
  'contributions'?: (number | string)[];
  /**
   * The places in `ExplainResponse.names` that the contributions belong to, the largest
   * first by magnitude; empty where none was left out.
   */
  'indices'?: (number)[];
  /**
   * The sum of the contributions that were left out; 0 where none was.
   */
  'rest'?: (number | string);
}

/**
 * How one output of the model came about: `output` is `base_value` plus all
 * `contributions` plus `rest`.
 */
export interface OutputExplanation__Output {
  /**
   * The class; empty but for classification.
   */
  'class': (string);
  /**
   * What the model gives for the row, in the space of the response.
   */
  'output': (number);
  /**
   * What it gives on average.
   */
  'baseValue': (number);
  /**
   * How much each column moves the output away from the base value: in the order of
   * `ExplainResponse.names`, or where `limit` leaves some out, of `indices`.
   */
  'contributions': (number)[];
  /**
   * The places in `ExplainResponse.names` that the contributions belong to, the largest
   * first by magnitude; empty where none was left out.
   */
  'indices': (number)[];
  /**
   * The sum of the contributions that were left out; 0 where none was.
   */
  'rest': (number);
}
