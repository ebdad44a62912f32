import type { Content } from './content.ts';
import type { Json } from './value.ts';

/**
 * How a parameter is read. Besides the plain types:
 * `mode` octal or symbolic, kept as text · `localFile` a path on this machine, looked up as Ansible does, handed over as
 * Content · `templateFile` the same, rendered · `localCommand` text whose first word (split as a shell would) is such a path,
 * the rest being its arguments · `expression` a bare Jinja expression, handed over as text and value ·
 * `conditions` a list of them, each with its truth · `any` whatever it is.
 */
export type ArgType =
  | 'str'
  | 'path'
  | 'int'
  | 'float'
  | 'bool'
  | 'mode'
  | 'list'
  | 'dict'
  | 'any'
  | 'localFile'
  | 'templateFile'
  | 'localCommand'
  | 'expression'
  | 'conditions';

export interface Arg {
  readonly type: ArgType;
  /** One sentence for the reference page. */
  readonly doc: string;
  readonly required?: true;
  readonly default?: Json;
  readonly choices?: readonly (string | number | boolean)[];
  readonly aliases?: readonly string[];
  /** Of a list. Default `str`. A string given for a list is split at commas, as Ansible does. */
  readonly elements?: ArgType;
  /** Its value is a secret. */
  readonly secret?: true;
  /** Of `localFile`: a boolean parameter; where that is true the value is a path of the host and stays text (`remote_src`). */
  readonly hostPathIf?: string;
  /** Where we differ from Ansible. */
  readonly differs?: string;
}

export interface ArgSpec {
  readonly [name: string]: Arg;
}

export interface ExpressionValue {
  readonly text: string;
  readonly value: Json;
  /** False: it names an undefined variable; `value` is then the message. */
  readonly defined: boolean;
}

export interface ConditionValue {
  readonly text: string;
  readonly holds: boolean;
}

interface Typed {
  readonly str: string;
  readonly path: string;
  readonly int: number;
  readonly float: number;
  readonly bool: boolean;
  readonly mode: string;
  readonly list: readonly Json[];
  readonly dict: Readonly<Record<string, Json>>;
  readonly any: Json;
  readonly localFile: LocalFile;
  readonly templateFile: LocalFile;
  readonly localCommand: LocalCommand;
  readonly expression: ExpressionValue;
  readonly conditions: readonly ConditionValue[];
}

/** A file or directory of this machine that a task names. A directory has `entries`, a file has `content`. */
export interface LocalFile {
  readonly path: string;
  readonly name: string;
  readonly content?: Content;
  /** Octal permission bits. */
  readonly mode: number;
  readonly entries?: readonly LocalFile[];
  /** A symbolic link's own target, where links are kept. */
  readonly linkTarget?: string;
  /** The path as the task spelt it ended in a slash: its entries are meant, not itself. */
  readonly trailingSlash?: boolean;
}

/** A program of this machine and its arguments as they were written, quotes and all (`script`). */
export interface LocalCommand extends LocalFile {
  readonly arguments: string;
}

type ValueOf<A extends Arg> = A['type'] extends 'list'
  ? A extends { readonly elements: infer E extends ArgType }
    ? readonly Typed[E][]
    : readonly string[]
  : A extends { readonly choices: readonly (infer C)[] }
    ? C
    : Typed[A['type']];

/** The arguments of a task after defaults and types: what is required or has a default is there, the rest may be absent. */
export type ArgsOf<S extends ArgSpec> = {
  readonly [K in keyof S as S[K] extends { required: true } | { default: Json } ? K : never]: ValueOf<S[K]>;
} & {
  readonly [K in keyof S as S[K] extends { required: true } | { default: Json } ? never : K]?: ValueOf<S[K]>;
};
