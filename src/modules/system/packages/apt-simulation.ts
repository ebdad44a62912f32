/** One package that apt would install, change or remove. */
export interface AptAction {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

/** The actions that `apt-get -s` prints: `Inst name [old] (new Origin [arch])`, `Remv name [old]`, `Purg name [old]`. */
export function parseSimulation(text: string): AptAction[] {
  const actions = new Map<string, AptAction>();
  for (const line of text.split('\n')) {
    const inst = /^Inst (\S+) (?:\[([^\]]+)\] )?\((\S+)/.exec(line);
    const gone = /^(?:Remv|Purg) (\S+) \[([^\]]+)\]/.exec(line);
    const [, name = '', from, to] = inst ?? gone ?? [];
    if (inst) actions.set(name, { name, ...(from ? { from } : {}), ...(to ? { to } : {}) });
    else if (gone) actions.set(name, { name, ...(from ? { from } : {}) });
  }
  return [...actions.values()];
}

/** `install kubelet 1.36.1-1.1, kubeadm 1.36.1-1.1; upgrade cri-tools 1.35.0-1.1 → 1.36.0-1.1; remove foo`; those asked for first. */
export function describeActions(actions: readonly AptAction[], asked: ReadonlySet<string>): string {
  const ordered = [...actions].sort((a, b) => Number(asked.has(b.name)) - Number(asked.has(a.name)));
  const parts = [
    part(
      'install',
      ordered.filter((one) => one.from === undefined),
      (one) => `${one.name} ${one.to}`,
    ),
    part(
      'change',
      ordered.filter((one) => one.from !== undefined && one.to !== undefined),
      (one) => `${one.name} ${one.from} → ${one.to}`,
    ),
    part(
      'remove',
      ordered.filter((one) => one.to === undefined),
      (one) => `${one.name} ${one.from}`,
    ),
  ];
  return parts.filter(Boolean).join('; ');
}

const SHOWN = 6;

function part(verb: string, actions: readonly AptAction[], show: (one: AptAction) => string): string {
  if (actions.length === 0) return '';
  const more = actions.length > SHOWN ? ` and ${actions.length - SHOWN} more` : '';
  return `${verb} ${actions.slice(0, SHOWN).map(show).join(', ')}${more}`;
}

/** Before and after, for the diff. */
export function diffOfActions(actions: readonly AptAction[]): { readonly before: string; readonly after: string } {
  const side = (of: 'from' | 'to') =>
    actions
      .flatMap((one) => (one[of] === undefined ? [] : [`${one.name} ${one[of]}\n`]))
      .sort()
      .join('');
  return { before: side('from'), after: side('to') };
}
