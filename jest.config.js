const project = (displayName, roots, more = {}) => ({
  displayName,
  testEnvironment: 'node',
  roots: roots.map((root) => `<rootDir>/test/${root}`),
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  ...more,
});

/** One more try for what races with clocks; see there. */
const WITH_REAL_PROGRAMS = { setupFilesAfterEnv: ['<rootDir>/test/support/retry.ts'] };

export default {
  projects: [
    project('unit', ['unit', 'modules']),
    project('differential', ['differential'], WITH_REAL_PROGRAMS),
    project('integration', ['integration'], WITH_REAL_PROGRAMS),
  ],
};
