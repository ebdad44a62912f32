import type { Builtins } from '../filters/builtin.ts';
import { regexTests } from '../filters/regex.ts';
import { ansibleTests } from './ansible.ts';
import { basicTests } from './basic.ts';

/** All tests, by theme. */
export const TESTS: readonly Builtins[] = [basicTests, ansibleTests, regexTests];
