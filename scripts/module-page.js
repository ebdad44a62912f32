/** The reference page of one module, from its declaration. */
export function modulePage(module) {
  const args = Object.entries(module.args);
  const differences = args.filter(([, arg]) => arg.differs);
  return `${[
    `# ${module.name}`,
    '',
    module.summary,
    '',
    ...facts(module).map((fact) => `- ${fact}`),
    '',
    ...(args.length === 0 ? ['It takes no parameters.'] : parameterTable(args)),
    ...(differences.length === 0 ? [] : ['', '## Differences from Ansible', '']),
    ...differences.map(([name, arg]) => `- \`${name}\`: ${arg.differs}`),
  ].join('\n')}\n`;
}

/** The list of all modules. */
export function indexPage(modules) {
  const rows = modules.map((module) => `| [${module.name}](${module.name}.md) | ${cell(module.summary)} |`);
  return `${['# Modules', '', 'Written from the declarations in `src/modules/` by `npm run gen`.', '', '| module | what it does |', '|--|--|', ...rows].join('\n')}\n`;
}

function facts(module) {
  const names = ['ansible.builtin', ...(module.collections ?? [])].map((prefix) => `\`${prefix}.${module.name}\``);
  const known =
    module.name === 'swap'
      ? []
      : [`Also known as ${[...names, ...(module.aliases ?? []).map((name) => `\`${name}\``)].join(', ')}.`];
  return [
    ...known,
    ...(module.freeForm ? [`Free-form text fills \`${module.freeForm}\`.`] : []),
    ...(module.anyArgs ? ['Takes any parameter.'] : []),
    module.kind === 'action' ? 'Acts on the run; nothing is done on the host.' : checkFact(module),
  ];
}

function checkFact(module) {
  if (module.readOnly) return 'Only reads; it runs in check mode too.';
  if (module.supportsCheck === false) return 'Skipped in check mode.';
  return 'In check mode it tells what it would do.';
}

function parameterTable(args) {
  const rows = args.map(([name, arg]) => {
    const also = arg.aliases?.length ? `<br>also ${arg.aliases.map((alias) => `\`${alias}\``).join(', ')}` : '';
    const type = arg.type === 'list' ? `list of ${arg.elements ?? 'str'}` : arg.type;
    const choices = arg.choices ? `<br>${arg.choices.map((choice) => `\`${choice}\``).join(', ')}` : '';
    const fallback = arg.required
      ? '**required**'
      : arg.default === undefined
        ? ''
        : `\`${JSON.stringify(arg.default)}\``;
    return `| \`${name}\`${also} | ${type}${choices} | ${cell(fallback)} | ${cell(arg.doc)}${arg.secret ? ' A secret.' : ''} |`;
  });
  return ['| parameter | type | default | meaning |', '|--|--|--|--|', ...rows];
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
