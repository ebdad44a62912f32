import type { ReadOutput, StateRead } from '../../model/module.ts';
import { joinScripts, type Script, sh } from '../../shared/sh.ts';
import { type Cursor, cursorOver } from './cursor.ts';

/** A part of a read script that prints self-delimiting output, and the function that takes exactly that output. */
export interface Piece<T> {
  readonly script: Script;
  parse(cursor: Cursor): T;
}

type Values<P> = { readonly [K in keyof P]: P[K] extends Piece<infer T> ? T : never };

/** Pieces one after the other, as one. */
export function pieces<P extends Readonly<Record<string, Piece<unknown>>>>(parts: P): Piece<Values<P>> {
  const entries = Object.entries(parts);
  return {
    script: joinScripts(entries.map(([, piece]) => piece.script)),
    parse: (cursor) => Object.fromEntries(entries.map(([key, piece]) => [key, piece.parse(cursor)])) as Values<P>,
  };
}

/** A piece as a module's `read`. */
export function readOf<T>(piece: Piece<T>): { readonly script: Script; parse(out: ReadOutput): StateRead<T> } {
  return { script: piece.script, parse: (out) => ({ now: piece.parse(cursorOver(out.stdout, out.stderr)) }) };
}

/** What a command printed, without its last newlines, and how it ended. */
export interface TextOutput {
  readonly status: number;
  readonly text: string;
}

/** Runs a script in a subshell; its stderr is dropped. NUL bytes in its output are lost. */
export function textPiece(script: Script): Piece<TextOutput> {
  return {
    script: sh`kp_out=$( { ${{ script }}
} 2>/dev/null )
printf '%s\000%s\000' "$?" "$kp_out"`,
    parse: (cursor) => ({ status: cursor.number(), text: cursor.field() }),
  };
}

/** Nothing to read. */
export function constantPiece<T>(value: T): Piece<T> {
  return { script: sh`:`, parse: () => value };
}

/** The same output, read as something else. */
export function mapPiece<T, U>(piece: Piece<T>, change: (value: T) => U): Piece<U> {
  return { script: piece.script, parse: (cursor) => change(piece.parse(cursor)) };
}
