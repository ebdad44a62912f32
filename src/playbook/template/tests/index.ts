import type { Builtins } from '../filters/builtin.ts';
import { basicTests } from './basic.ts';

/** All tests, by theme. */
export const TESTS: readonly Builtins[] = [basicTests];
