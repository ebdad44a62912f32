import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LOGIN } from '../../../src/model/connection.ts';
import { sh } from '../../../src/shared/sh.ts';
import { asText, frame } from '../../support/local-frames.ts';
import { type LoopbackSshd, startLoopbackSshd } from '../../support/loopback-sshd.ts';
import { makeSshBench, type SshBench } from '../../support/ssh-bench.ts';

let server: LoopbackSshd;
let bench: SshBench;
beforeAll(async () => {
  server = await startLoopbackSshd();
});
afterAll(() => server.stop());
beforeEach(() => {
  bench = makeSshBench(server);
});
afterEach(() => bench.clean());

describe.each(['ssh', 'openssh'] as const)('transport %s', (transport) => {
  test('a frame', async () => {
    const connection = await bench.connect({ transport });
    const shell = await connection.shell(LOGIN);
    expect(asText(await shell.run(frame(sh`echo out; echo err >&2; exit 7`)))).toEqual({
      status: 7,
      stdout: 'out\n',
      stderr: 'err\n',
      ended: 'exit',
    });
  });
});
