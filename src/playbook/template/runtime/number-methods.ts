import type { Methods } from './method.ts';
import { isFloat, type Py, toNumber } from './values.ts';

/** Methods of Python's int and float that templates use. */
export const numberMethods: Methods<Py> = {
  is_integer: ['', (value) => !isFloat(value) || Number.isInteger(toNumber(value))],
  bit_length: [
    '',
    (value) =>
      value === 0
        ? 0
        : BigInt(Math.trunc(toNumber(value)))
            .toString(2)
            .replace('-', '').length,
  ],
};
