import { Fault, type Py } from '../runtime/values.ts';

const PEP440 =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;
const STAGES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };

/** What orders versions by PEP 440: epoch, release, development before pre-release before the release before what follows it. */
export function pep440Parts(version: string): Py[] {
  const match = PEP440.exec(version);
  if (!match) throw new Fault(`version: invalid version '${version}'`);
  const [
    ,
    epoch = '0',
    release = '0',
    stage,
    stageNumber = '',
    plainPost,
    postWord,
    postNumber,
    dev,
    devNumber,
    local,
  ] = match;
  const numbers = release
    .replace(/(\.0+)+$/, '')
    .split('.')
    .map(Number);
  const post = plainPost ?? (postWord === undefined ? undefined : postNumber || '0');
  return [
    Number(epoch),
    numbers,
    stageOrder({ stage, post, dev }),
    Number(stageNumber),
    post === undefined ? -1 : Number(post),
    dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber || 0),
    localParts(local),
  ];
}

/** A development release of the version itself comes before all of its pre-releases. */
function stageOrder(version: {
  readonly stage: string | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
}): number {
  if (version.stage !== undefined) return STAGES[version.stage.toLowerCase()] ?? 9;
  return version.post === undefined && version.dev !== undefined ? 0 : 9;
}

function localParts(local: string | undefined): Py[] {
  const parts = local?.toLowerCase().split(/[-_.]/) ?? [];
  return parts.map((part) => (/^\d+$/.test(part) ? [1, Number(part), ''] : [0, 0, part]));
}
