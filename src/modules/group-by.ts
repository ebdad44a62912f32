import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  key: { type: 'str', required: true, doc: 'The group that the host is put in; blanks become hyphens.' },
  parents: { type: 'list', default: ['all'], doc: 'Groups that this group is a child of.' },
} as const satisfies ArgSpec;

export const groupBy: Action<typeof ARGS> = defineAction({
  name: 'group_by',
  summary: 'Puts hosts in groups named after a value.',
  args: ARGS,
  validate: ({ key }) => (key.trim() === '' ? "the 'key' param is required when using group_by" : undefined),
  run({ key, parents }) {
    const group = key.replaceAll(' ', '-');
    const above = parents.map((parent) => parent.replaceAll(' ', '-'));
    return { effect: { kind: 'group_by', group, parents: above }, result: { add_group: group, parent_groups: above } };
  },
});
