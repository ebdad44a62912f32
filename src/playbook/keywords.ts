import { nearName } from '../shared/problem.ts';

/** Where a keyword may stand. `include`: on include_tasks and include_role; `import`: on their static siblings. */
export type Place = 'play' | 'block' | 'task' | 'handler' | 'include' | 'import' | 'role' | 'import_playbook';

const EVERYWHERE: readonly Place[] = ['play', 'block', 'task', 'handler', 'import', 'role'];
const BELOW_PLAY: readonly Place[] = ['block', 'task', 'handler', 'import', 'role'];
const TASK: readonly Place[] = ['task', 'handler'];
const PLAY: readonly Place[] = ['play'];

/** Every keyword that is understood, and where: Ansible's "Playbook Keywords". */
export const KEYWORDS: Readonly<Record<string, readonly Place[]>> = {
  name: [...EVERYWHERE, 'include', 'import_playbook'],
  vars: [...EVERYWHERE, 'include', 'import_playbook'],
  tags: [...EVERYWHERE, 'include', 'import_playbook'],
  when: [...BELOW_PLAY, 'include', 'import_playbook'],
  remote_user: EVERYWHERE,
  connection: EVERYWHERE,
  port: EVERYWHERE,
  become: EVERYWHERE,
  become_user: EVERYWHERE,
  become_method: EVERYWHERE,
  become_flags: EVERYWHERE,
  become_exe: EVERYWHERE,
  environment: EVERYWHERE,
  module_defaults: EVERYWHERE,
  collections: [...EVERYWHERE, 'include'],
  no_log: [...EVERYWHERE, 'include'],
  run_once: [...EVERYWHERE, 'include'],
  ignore_errors: [...EVERYWHERE, 'include'],
  ignore_unreachable: EVERYWHERE,
  check_mode: EVERYWHERE,
  diff: EVERYWHERE,
  any_errors_fatal: EVERYWHERE,
  throttle: EVERYWHERE,
  timeout: [...EVERYWHERE, 'include'],
  delegate_to: BELOW_PLAY,
  delegate_facts: BELOW_PLAY,
  notify: BELOW_PLAY,
  hosts: PLAY,
  user: PLAY,
  vars_files: PLAY,
  vars_prompt: PLAY,
  gather_facts: PLAY,
  gather_subset: PLAY,
  gather_timeout: PLAY,
  fact_path: PLAY,
  serial: PLAY,
  max_fail_percentage: PLAY,
  strategy: PLAY,
  order: PLAY,
  force_handlers: PLAY,
  pre_tasks: PLAY,
  roles: PLAY,
  tasks: PLAY,
  post_tasks: PLAY,
  handlers: PLAY,
  block: ['block'],
  rescue: ['block'],
  always: ['block'],
  args: [...TASK, 'include', 'import'],
  action: TASK,
  local_action: TASK,
  loop: [...TASK, 'include'],
  loop_control: [...TASK, 'include'],
  register: [...TASK, 'include'],
  until: TASK,
  retries: TASK,
  delay: TASK,
  changed_when: TASK,
  failed_when: TASK,
  async: TASK,
  poll: TASK,
  listen: ['handler', 'import'],
  role: ['role'],
};

/** What Ansible knows and we refuse, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  debugger: 'there is no interactive debugger',
  loop_with: 'it is internal to Ansible',
};

/** Keywords whose nearest value counts, from task to block to role to play. */
export const INHERITED: readonly string[] = [
  ...['remote_user', 'connection', 'port', 'become', 'become_user', 'become_method', 'become_flags', 'become_exe'],
  ...['no_log', 'run_once', 'ignore_errors', 'ignore_unreachable', 'check_mode', 'diff', 'any_errors_fatal'],
  ...['throttle', 'timeout', 'delegate_to', 'delegate_facts', 'notify'],
];

export function mayStand(keyword: string, place: Place): boolean {
  return KEYWORDS[keyword]?.includes(place) ?? false;
}

/** Near keywords that may stand there. */
export function nearKeyword(keyword: string, place: Place): string | undefined {
  return nearName(keyword, keywordsOf(place));
}

export function keywordsOf(place: Place): string[] {
  return Object.keys(KEYWORDS).filter((keyword) => mayStand(keyword, place));
}
