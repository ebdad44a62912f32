import { expect, test } from '@jest/globals';
import { runCli } from '../../../support/cli.ts';

test.each([
  [['pssh'], 'Usage: pssh [OPTIONS] command [...]\n\npssh: error: Command not specified.\n'],
  [['pscp.pssh', '-r'], 'Usage: pscp.pssh [OPTIONS] local remote\n\npscp.pssh: error: Paths not specified.\n'],
  [
    ['prsync', '-d', '-H', 'a', 'b', 'c', 'd'],
    'Usage: prsync [OPTIONS] local remote\n\nprsync: error: Extra arguments given after the local path.\n',
  ],
  [['pslurp', 'a', 'b'], 'Usage: pslurp [OPTIONS] remote local\n\npslurp: error: Hosts not specified.\n'],
  [['pnuke', 'a', 'b'], 'Usage: pnuke [OPTIONS] pattern\n\npnuke: error: Extra arguments given after the pattern.\n'],
  [
    ['pssh', '-p', '0', '-H', 'a', 'b'],
    'Usage: pssh [OPTIONS] command [...]\n\npssh: error: option -p: at least one host must run\n',
  ],
])('%j: status 2', async (argv, stderr) => {
  expect(await runCli(argv)).toEqual({ status: 2, stdout: '', stderr });
});

test('version and help', async () => {
  expect(await runCli(['pnuke', '--version'])).toEqual({ status: 0, stdout: '2.3.6\n', stderr: '' });
  const help = await runCli(['pssh', '--help'], { env: { COLUMNS: '60' } });
  expect(help.stdout).toContain('  -H HOST_STRING, --host=HOST_STRING\n');
  expect(Math.max(...help.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
});

test.each([
  [{ PSSH_TIMEOUT: 'soon' }, "pssh: PSSH_TIMEOUT: invalid integer value: 'soon'\n"],
  [{ PSSH_PAR: 'x' }, "pssh: PSSH_PAR: invalid integer value: 'x'\n"],
])('%j: status 1', async (env, stderr) => {
  expect(await runCli(['pssh', '-H', 'a', 'true'], { env })).toEqual({ status: 1, stdout: '', stderr });
});
