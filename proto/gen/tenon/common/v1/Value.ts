// Original file: proto/tenon/common/v1/value.proto

import type { NullValue as _google_protobuf_NullValue, NullValue__Output as _google_protobuf_NullValue__Output } from '../../../google/protobuf/NullValue.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Tensor as _tenon_common_v1_Tensor, Tensor__Output as _tenon_common_v1_Tensor__Output } from '../../../tenon/common/v1/Tensor.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One cell of a table. In JSON a person types the kind beside the value:
 * `{"integer_value": 3}`, `{"string_value": "Biscoe"}`, `{"null_value": null}`.
 * A value never changes type on its way in: a string stays a string until the
 * column's declared type says how to read it.
 */
export interface Value {
  /**
   * A missing value.
   */
  'nullValue'?: (_google_protobuf_NullValue);
  /**
   * True or false.
   */
  'boolValue'?: (boolean);
  /**
   * A whole number within ±(2^53 - 1). Beyond that, send the decimal digits as
   * `string_value` to an integer column, which keeps all 64 bits.
   */
  'integerValue'?: (number | string | Long);
  /**
   * A finite double. NaN and infinities are refused: send `null_value` for missing.
   */
  'doubleValue'?: (number | string);
  /**
   * UTF-8 text.
   */
  'stringValue'?: (string);
  /**
   * A point in time, to the microsecond.
   */
  'timestampValue'?: (_google_protobuf_Timestamp | null);
  /**
   * A dense array of exactly its column's element type and shape.
   */
  'tensorValue'?: (_tenon_common_v1_Tensor | null);
  /**
   * The value and its type. Unset means the same as `null_value`.
   */
  'kind'?: "nullValue"|"boolValue"|"integerValue"|"doubleValue"|"stringValue"|"timestampValue"|"tensorValue";
}

/**
 * One cell of a table. In JSON a person types the kind beside the value:
 * `{"integer_value": 3}`, `{"string_value": "Biscoe"}`, `{"null_value": null}`.
 * A value never changes type on its way in: a string stays a string until the
 * column's declared type says how to read it.
 */
export interface Value__Output {
  /**
   * A missing value.
   */
  'nullValue'?: (_google_protobuf_NullValue__Output);
  /**
   * True or false.
   */
  'boolValue'?: (boolean);
  /**
   * A whole number within ±(2^53 - 1). Beyond that, send the decimal digits as
   * `string_value` to an integer column, which keeps all 64 bits.
   */
  'integerValue'?: (number);
  /**
   * A finite double. NaN and infinities are refused: send `null_value` for missing.
   */
  'doubleValue'?: (number);
  /**
   * UTF-8 text.
   */
  'stringValue'?: (string);
  /**
   * A point in time, to the microsecond.
   */
  'timestampValue'?: (_google_protobuf_Timestamp__Output | null);
  /**
   * A dense array of exactly its column's element type and shape.
   */
  'tensorValue'?: (_tenon_common_v1_Tensor__Output | null);
  /**
   * The value and its type. Unset means the same as `null_value`.
   */
  'kind'?: "nullValue"|"boolValue"|"integerValue"|"doubleValue"|"stringValue"|"timestampValue"|"tensorValue";
}
