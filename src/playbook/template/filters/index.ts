import type { Builtins } from './builtin.ts';
import { conversionFilters } from './conversion.ts';
import { sequenceFilters } from './sequence.ts';
import { textFilters } from './text.ts';

/** All filters, by theme. */
export const FILTERS: readonly Builtins[] = [textFilters, sequenceFilters, conversionFilters];
