const project = (displayName, ...roots) => ({
  displayName,
  testEnvironment: 'node',
  roots: roots.map((root) => `<rootDir>/test/${root}`),
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
});

export default {
  projects: [
    project('unit', 'unit', 'modules'),
    project('differential', 'differential'),
    project('integration', 'integration'),
  ],
};
