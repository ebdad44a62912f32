import { iterate, truth } from '../runtime/compare.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, toNumber } from '../runtime/values.ts';

const WEB =
  /^(?:(?:https?:\/\/|www\.)(?:(?:[\p{L}\p{N}_%-]+\.)+)?(?:[a-z]{2,63}|xn--[\p{L}\p{N}_%]{2,59})|(?:[\p{L}\p{N}_%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\]))(?::\d{1,5})?(?:[/?#]\S*)?$/iu;
const MAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const PAIRS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

interface LinkStyle {
  readonly attributes: string;
  readonly limit: number;
  readonly schemes: readonly string[];
}

/** Jinja's `urlize`: addresses in a text, already escaped for HTML, become links. */
export function urlize(escaped: string, [limit, nofollow, target, rel, schemes]: readonly Py[]): string {
  const rels = new Set([...str(rel ?? '').split(/\s+/), ...(truth(nofollow ?? false) ? ['nofollow'] : []), 'noopener']);
  const relation = [...rels].filter(Boolean).sort().join(' ');
  const aim = target === undefined || target === null ? '' : ` target="${str(target)}"`;
  const extra = schemes === undefined || schemes === null ? [] : iterate(schemes).map(str);
  const wrong = extra.find((scheme) => !/^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u.test(scheme));
  if (wrong !== undefined) throw new Fault(`urlize: '${wrong}' is no scheme of an address`);
  const style = {
    attributes: ` rel="${relation}"${aim}`,
    limit: limit === undefined || limit === null ? Number.POSITIVE_INFINITY : toNumber(limit),
    schemes: extra,
  };
  return escaped
    .split(/(\s+)/)
    .map((word) => linked(word, style))
    .join('');
}

/** Brackets and marks around an address are not part of it, unless it opens them itself. */
function linked(word: string, style: LinkStyle): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  const rest = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(rest)?.[0] ?? '';
  let middle = rest.slice(0, rest.length - tail.length);
  for (const [open, close] of PAIRS) {
    const opened = middle.split(open).length;
    if (opened <= middle.split(close).length) continue;
    for (let left = Math.min(opened, tail.split(close).length) - 1; left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle, style) + tail;
}

function link(text: string, { attributes, limit, schemes }: LinkStyle): string {
  const shown = text.length > limit ? `${text.slice(0, limit)}...` : text;
  if (WEB.test(text))
    return `<a href="${/^https?:\/\//.test(text) ? '' : 'https://'}${text}"${attributes}>${shown}</a>`;
  if (text.startsWith('mailto:') && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
  if (!text.startsWith('www.') && !text.includes(':') && MAIL.test(text)) return `<a href="mailto:${text}">${text}</a>`;
  return schemes.some((scheme) => text !== scheme && text.startsWith(scheme))
    ? `<a href="${text}"${attributes}>${text}</a>`
    : text;
}
