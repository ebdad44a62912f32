import { connect } from 'node:net';

// await-ssh.js SECONDS ADDRESS...: ends with 0 once every address greets as SSH does; prints the ones that did not in that time.
const [seconds, ...addresses] = process.argv.slice(2);
const deadline = Date.now() + Number(seconds) * 1000;
const silent = (await Promise.all(addresses.map(async (address) => ((await answers(address)) ? '' : address)))).filter(
  Boolean,
);
process.stdout.write(silent.join('\n'));
process.exitCode = silent.length === 0 ? 0 : 1;

async function answers(address) {
  while (Date.now() < deadline) {
    if (await greets(address)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function greets(host) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: 1000 });
    socket.on('data', (data) => done(data.toString('latin1').startsWith('SSH-')));
    for (const end of ['error', 'timeout', 'close']) socket.on(end, () => done(false));
    function done(answer) {
      socket.destroy();
      resolve(answer);
    }
  });
}
