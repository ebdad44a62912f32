import type { Builtins } from './builtin.ts';
import { conversionFilters } from './conversion.ts';
import { dataFilters } from './data.ts';
import { hashFilters } from './hashes.ts';
import { pathFilters } from './paths.ts';
import { randomFilters } from './random.ts';
import { regexFilters } from './regex.ts';
import { sequenceFilters } from './sequence.ts';
import { setFilters } from './sets.ts';
import { textFilters } from './text.ts';
import { timeFilters } from './time.ts';
import { unitFilters } from './units.ts';

/** All filters, by theme. */
export const FILTERS: readonly Builtins[] = [
  textFilters,
  sequenceFilters,
  conversionFilters,
  dataFilters,
  setFilters,
  pathFilters,
  hashFilters,
  regexFilters,
  unitFilters,
  randomFilters,
  timeFilters,
];
