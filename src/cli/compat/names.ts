import type { ToolName } from './tools.ts';

const NAMES: Readonly<Record<string, ToolName>> = {
  ...{ pssh: 'pssh', pscp: 'pscp', 'pscp.pssh': 'pscp', prsync: 'prsync', pslurp: 'pslurp', pnuke: 'pnuke' },
  ...{ 'parallel-ssh': 'pssh', 'parallel-scp': 'pscp', 'parallel-rsync': 'prsync' },
  ...{ 'parallel-slurp': 'pslurp', 'parallel-nuke': 'pnuke' },
};

/** The tool of the pssh family that goes by this name, as a command of kprep or as the program's own name. */
export function familyTool(name: string | undefined): ToolName | undefined {
  return name !== undefined && Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
