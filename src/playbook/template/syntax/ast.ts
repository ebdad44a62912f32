import type { Py } from '../runtime/values.ts';

/** An expression. `at` is the offset of its operator or first token. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: Py; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[]; readonly at: number }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string; readonly at: number }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression; readonly at: number }
  | { readonly kind: 'slice'; readonly bounds: readonly (Expression | undefined)[]; readonly at: number }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: Arguments; readonly at: number }
  | FilterNode
  | {
      readonly kind: 'test';
      readonly of: Expression;
      readonly name: string;
      readonly args: Arguments;
      readonly at: number;
    }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | 'not'; readonly of: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[]; readonly at: number }
  | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly Comparison[]; readonly at: number }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression | undefined;
      readonly at: number;
    };

/** `of` is absent where the filter is given text: `{% filter %}`, `{% set x | f %}`. */
export interface FilterNode {
  readonly kind: 'filter';
  readonly of: Expression | undefined;
  readonly name: string;
  readonly args: Arguments;
  readonly at: number;
}

export interface Comparison {
  readonly operator: string;
  readonly right: Expression;
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}

/** What `for`, `set` and `with` write to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'tuple'; readonly items: readonly Target[]; readonly at: number }
  | { readonly kind: 'member'; readonly name: string; readonly attribute: string; readonly at: number };

export interface Parameter {
  readonly name: string;
  readonly otherwise: Expression | undefined;
}

export type Statement =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'output'; readonly of: Expression; readonly at: number }
  | {
      readonly kind: 'if';
      readonly branches: readonly Branch[];
      readonly otherwise: readonly Statement[];
      readonly at: number;
    }
  | ForNode
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression; readonly at: number }
  | {
      readonly kind: 'setBlock';
      readonly target: Target;
      readonly filter: FilterNode | undefined;
      readonly body: readonly Statement[];
      readonly at: number;
    }
  | {
      readonly kind: 'with';
      readonly bindings: readonly (readonly [Target, Expression])[];
      readonly body: readonly Statement[];
      readonly at: number;
    }
  | MacroNode
  | { readonly kind: 'callBlock'; readonly call: Expression; readonly caller: MacroNode; readonly at: number }
  | {
      readonly kind: 'filterBlock';
      readonly filter: FilterNode;
      readonly body: readonly Statement[];
      readonly at: number;
    }
  | {
      readonly kind: 'block';
      readonly name: string;
      readonly required: boolean;
      readonly body: readonly Statement[];
      readonly at: number;
    }
  | { readonly kind: 'extends'; readonly template: Expression; readonly at: number }
  | {
      readonly kind: 'include';
      readonly template: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'import';
      readonly template: Expression;
      readonly as: string;
      readonly withContext: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'from';
      readonly template: Expression;
      readonly names: readonly (readonly [string, string])[];
      readonly withContext: boolean;
      readonly at: number;
    };

export interface Branch {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

export interface ForNode {
  readonly kind: 'for';
  readonly target: Target;
  readonly over: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly at: number;
}

export interface MacroNode {
  readonly kind: 'macro';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly at: number;
}
