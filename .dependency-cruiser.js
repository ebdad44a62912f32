const layer = (name, ...below) => ({
  name: `${name}-stays-low`,
  comment: `ARCHITECTURE.md: src/${name} may import itself${below.length ? ` and ${below.join(', ')}` : ''}, nothing else of src.`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [name, ...below].map((folder) => `^src/${folder}/`) },
});
const fence = (pkg, ...where) => ({
  name: `only-${where[0].replaceAll('/', '-')}-uses-${pkg}`,
  comment: `ARCHITECTURE.md: ${pkg} is used in ${where.join(', ')} only.`,
  severity: 'error',
  from: { path: '^src/', pathNot: where.map((folder) => `^src/${folder}/`) },
  to: { path: `(^|/)node_modules/${pkg}/` },
});
const core = (name, modules, ...where) => ({
  name,
  comment: `ARCHITECTURE.md: ${modules} is used in ${where.join(', ')} only.`,
  severity: 'error',
  from: { path: '^src/', pathNot: where.map((place) => `^src/${place}`) },
  to: { path: `^(node:)?(${modules})(/|$)`, dependencyTypes: ['core'] },
});

const middle = ['inventory', 'playbook', 'modules', 'engine', 'ssh', 'report', 'kubernetes', 'journal', 'lint', 'demo'];

export default {
  forbidden: [
    layer('shared'),
    layer('model', 'shared'),
    ...middle.map((name) => layer(name, 'model', 'shared')),
    layer('cli', ...middle, 'model', 'shared'),
    fence('ssh2', 'ssh', 'demo'),
    fence('yargs', 'cli'),
    fence('ora', 'report'),
    fence('yaml', 'shared/yaml'),
    fence('p-limit', 'engine'),
    core('files-only-at-the-edge', 'fs', 'inventory/', 'playbook/', 'ssh/', 'journal/', 'demo/', 'cli/', 'bin\\.ts'),
    core('network-only-in-ssh', 'net|dgram|http|https|tls|dns', 'ssh/', 'demo/', 'bin\\.ts'),
    core('programs-only-at-the-edge', 'child_process', 'inventory/', 'playbook/', 'ssh/', 'demo/', 'cli/', 'bin\\.ts'),
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['^src/(bin|index)\\.ts$'] }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    exclude: { path: 'tsconfig\\.json$' },
  },
};
