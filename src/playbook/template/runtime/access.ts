import { indexOf, sliced } from './arithmetic.ts';
import { methodOf } from './methods.ts';
import { codePoints, repr, str } from './text.ts';
import {
  Callable,
  dictGet,
  Fault,
  Group,
  isDict,
  Namespace,
  type Py,
  Structure,
  sequenceItems,
  typeName,
  Undefined,
} from './values.ts';

/** The bounds of `[a:b:c]`, as the parser hands them on. */
export class Slice {
  readonly start: Py;
  readonly stop: Py;
  readonly step: Py;
  constructor(start: Py, stop: Py, step: Py) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * `value.name`: a method of Python's own, else the item of that name. Nothing else can be reached: no property of a JS
 * object, no `__class__`. What does not exist is undefined, and what is undefined stays so.
 */
export function getAttribute(value: Py, name: string): Py {
  if (value instanceof Undefined) return value;
  const attribute = ownAttribute(value, name);
  if (attribute !== undefined) return attribute;
  if (isDict(value)) {
    const item = dictGet(value, name);
    if (item !== undefined) return item;
  }
  return new Undefined(missingText(value, name), name);
}

function ownAttribute(value: Py, name: string): Py {
  if (value instanceof Structure) return name.startsWith('__') ? undefined : value.get(name);
  if (value instanceof Callable) return value.attributes?.(name);
  if (value instanceof Namespace) return value.values.get(name);
  if (value instanceof Group && name === 'grouper') return value.items[0];
  if (value instanceof Group && name === 'list') return value.items[1];
  return methodOf(value, name);
}

function missingText(value: Py, name: Py): string {
  if (value === null) return `None has no element ${repr(name)}`;
  const kind = typeName(value);
  return typeof name === 'string'
    ? `'${kind === 'function' ? kind : `${kind} object`}' has no attribute ${repr(name)}`
    : `${kind} object has no element ${str(name)}`;
}

/** `value[key]`: the item, else the method of that name, else undefined. */
export function getItem(value: Py, key: Py): Py {
  if (value instanceof Undefined) return value;
  if (key instanceof Undefined) return key.fail();
  if (key instanceof Slice) return isDict(value) ? unhashable() : sliced(value, key);
  const item = itemOf(value, key);
  if (item !== undefined) return item;
  if (typeof key === 'string') {
    const attribute = ownAttribute(value, key);
    if (attribute !== undefined) return attribute;
  }
  return new Undefined(missingText(value, key), typeof key === 'string' ? key : undefined);
}

function unhashable(): never {
  throw new Fault("unhashable type: 'slice'");
}

function itemOf(value: Py, key: Py): Py {
  if (isDict(value))
    return typeof key === 'object' && key !== null && !sequenceItems(key) ? undefined : dictGet(value, key);
  const index = indexOf(key);
  if (index === undefined) return undefined;
  const items = typeof value === 'string' ? codePoints(value) : sequenceItems(value);
  return items?.at(index);
}
