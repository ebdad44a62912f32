import { type Script, sh } from '../../shared/sh.ts';

/** Algorithms that coreutils and busybox both have a program for (`sha256sum` …). */
export const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

export function isAlgorithm(name: string): name is Algorithm {
  return (ALGORITHMS as readonly string[]).includes(name);
}

/** Names of programs that busybox may lack are looked for: without one the sum is empty. */
export function sumOf(algorithm: Algorithm, word: Script): Script {
  return sh`${{ script: `${algorithm}sum` as Script }} <${{ script: word }} 2>/dev/null`;
}
