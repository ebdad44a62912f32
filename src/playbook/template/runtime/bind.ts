import type { CallArgs } from './runtime.ts';
import { Fault, type Py } from './values.ts';

/**
 * Arguments in the order of a signature such as `value width? *rest **more`: `?` may be absent (then JS `undefined`),
 * `*` takes what is left over as an array, `**` as a Map.
 * @throws Fault as Python's TypeError: missing, doubled or unexpected.
 */
export function bind(name: string, signature: string, args: CallArgs): Py[] {
  const params = signatureOf(signature);
  const named = new Map(args.named);
  const positional = [...args.positional];
  const out: Py[] = params.plain.map(({ param, optional }) => {
    if (positional.length > 0) {
      if (named.has(param)) throw new Fault(`${name}() got multiple values for argument '${param}'`);
      return positional.shift();
    }
    const value = named.get(param);
    named.delete(param);
    if (value === undefined && !optional) throw new Fault(`${name}() is missing its argument '${param}'`);
    return value;
  });
  if (params.rest) out.push(positional);
  else if (positional.length > 0) throw new Fault(`${name}() takes at most ${params.plain.length} arguments`);
  if (params.more) out.push(named);
  else if (named.size > 0) throw new Fault(`${name}() got an unexpected keyword argument '${[...named.keys()][0]}'`);
  return out;
}

interface Signature {
  readonly plain: readonly { readonly param: string; readonly optional: boolean }[];
  readonly rest: boolean;
  readonly more: boolean;
}

const known = new Map<string, Signature>();

function signatureOf(text: string): Signature {
  const cached = known.get(text);
  if (cached) return cached;
  const words = text.split(' ').filter(Boolean);
  const signature: Signature = {
    plain: words
      .filter((word) => !word.startsWith('*'))
      .map((word) => ({ param: word.replace('?', ''), optional: word.endsWith('?') })),
    rest: words.some((word) => /^\*\w/.test(word)),
    more: words.some((word) => word.startsWith('**')),
  };
  known.set(text, signature);
  return signature;
}
