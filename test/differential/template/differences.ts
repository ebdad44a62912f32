import type { Mode } from './oracle.ts';

export interface Difference {
  readonly templates: readonly string[];
  readonly modes: readonly Mode[];
  readonly why: string;
}

/** Where we mean to differ, and why. A row that no longer differs fails the test. */
export const DIFFERENCES: readonly Difference[] = [
  {
    templates: [
      '{{ s.__class__ }}',
      "{{ s['__class__'] }}",
      "{{ ''.__class__.__mro__ }}",
      '{{ [].__class__ }}',
      '{{ d.__class__ }}',
    ],
    modes: ['jinja', 'text'],
    why: 'Nothing but data and listed methods can be reached from a template.',
  },
  {
    templates: ['{{ i.real }}'],
    modes: ['jinja', 'nativeJinja', 'text'],
    why: 'Attributes of numbers are not among the methods we offer.',
  },
  {
    templates: ['{{ deep.items }}', "{{ s | attr('upper') }}"],
    modes: ['jinja', 'text'],
    why: 'Python prints the address of a method. A function that is not called is a mistake, and is refused as one.',
  },
  {
    templates: ['{{ [missing] }}', "{{ {'a': missing} }}"],
    modes: ['jinja'],
    why: 'Plain Jinja prints the undefined object in a list; Ansible refuses it, and we.',
  },
  {
    templates: ['{{ d.items() }}', '{{ d.keys() }}', '{{ range(3) }}'],
    modes: ['jinja'],
    why: 'Ansible turns what can be gone through into a list when it is put out, and we.',
  },
  {
    templates: ["{{ 'nofilter' is filter }}"],
    modes: ['text'],
    why: 'Ansible 2.14 fails when it looks for the plugin; plain Jinja says False, and we.',
  },
  {
    templates: ['{{ -i | string }}'],
    modes: ['nativeJinja'],
    why: "Ansible keeps the text of `string`, `to_json` and the like, and we; Jinja's NativeEnvironment reads it as a literal.",
  },
  {
    templates: ['{{ 1 if no }}'],
    modes: ['nativeJinja'],
    why: 'The result is an object that is undefined and prints as nothing; we give the empty text that it prints as.',
  },
  {
    templates: ["{{ 'inf' | float }}", "{{ 'nan' | float }}", "{{ 'NaN' | from_json }}"],
    modes: ['native'],
    why: 'Jinja prints constants and reads them again, and `inf` and `nan` are no literals.',
  },
  {
    templates: ["{{ '/w==' | b64decode }}"],
    modes: ['native', 'text'],
    why: 'Python carries bytes that are no text through strings as lone surrogates. We have no such strings, and say so.',
  },
  {
    templates: ["{{ {'results': []} is changed }}"],
    modes: ['native', 'text'],
    why: 'Ansible 2.14 fails with an index error; a loop over nothing changed nothing.',
  },
  {
    templates: ["{{ 'a' | ansible.builtin.upper }}"],
    modes: ['native', 'text'],
    why: "Ansible 2.14 does not find Jinja's own filters under ansible.builtin; its documentation of today writes them so.",
  },
  {
    templates: ['{#', '{% raw %}'],
    modes: ['jinja', 'text'],
    why: 'Jinja overlooks a comment or raw block that is opened at the very end of the text.',
  },
];
