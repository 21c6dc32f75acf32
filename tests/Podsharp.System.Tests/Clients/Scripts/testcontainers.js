// testcontainers as npm has it, without its reaper. testcontainers.js CASE: runs the function of that name against DOCKER_HOST.
// IMAGE names the image to use, NAME begins the name of everything made here: the test removes what is left of it.
'use strict';
const assert = require('assert');
const http = require('http');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { GenericContainer, Network, Wait } = require('testcontainers');

const { IMAGE, NAME } = process.env;
const SERVE = ['sh', '-c', 'echo ready to serve; exec httpd -f -p 80 -h /www'];

const container = command => new GenericContainer(IMAGE).withName(NAME).withCommand(command).withStartupTimeout(20000);

const fetch = (host, port) => new Promise((resolve, reject) => http.get({ host, port, agent: false }, async reply => {
  let body = '';
  for await (const piece of reply) body += piece;
  resolve(body);
}).on('error', reject));

const cases = {
  async waits_for_a_log_line() {
    const started = await container(SERVE).withWaitStrategy(Wait.forLogMessage('ready to serve')).start();
    const lines = await started.logs();
    const [line] = await require('events').once(lines, 'data');
    assert.match(String(line), /ready to serve/);
    lines.destroy();
    await started.stop();
  },

  async waits_for_a_port() {
    const started = await container(SERVE).withExposedPorts(80).withCopyContentToContainer([{ content: 'served\n', target: '/www/index.html' }]).start();
    assert.strictEqual(await fetch(started.getHost(), started.getMappedPort(80)), 'served\n');
    await started.restart();
    assert.strictEqual(await fetch(started.getHost(), started.getMappedPort(80)), 'served\n');
    await started.stop();
  },

  async waits_for_health() {
    const started = await container(['sleep', '1000'])
      .withHealthCheck({ test: ['CMD-SHELL', 'test -d /tmp'], interval: 200, timeout: 2000, retries: 5, startPeriod: 0 })
      .withWaitStrategy(Wait.forHealthCheck()).start();
    await started.stop();
  },

  async waits_for_a_one_shot() {
    const started = await container(['sh', '-c', 'exit 0']).withWaitStrategy(Wait.forOneShotStartup()).start();
    await started.stop();
  },

  async executes_and_copies() {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'testcontainers-'));
    fs.writeFileSync(path.join(directory, 'file'), 'from a file\n');
    const started = await container(['sleep', '1000']).withEnvironment({ A: 'b' }).withUser('0').withWorkingDir('/tmp').withTmpFs({ '/scratch': 'rw,size=1m' })
      .withCopyFilesToContainer([{ source: path.join(directory, 'file'), target: '/tmp/one/file' }])
      .withBindMounts([{ source: directory, target: '/bound', mode: 'ro' }])
      .withWaitStrategy(Wait.forSuccessfulCommand('true')).start();
    await started.copyDirectoriesToContainer([{ source: directory, target: '/tmp/two' }]);
    const said = await started.exec(['sh', '-c', 'pwd; echo $A$X; cat /tmp/one/file /tmp/two/file /bound/file; echo err >&2; exit 3'], { env: { X: 'y' } });
    assert.strictEqual(said.stdout, '/tmp\nby\nfrom a file\nfrom a file\nfrom a file\n');
    assert.deepStrictEqual([said.stderr, said.exitCode], ['err\n', 3]);
    let archive = '';
    for await (const piece of await started.copyArchiveFromContainer('/tmp/one/file')) archive += piece;
    assert(archive.includes('from a file'));
    fs.rmSync(directory, { recursive: true });
    await started.stop();
  },

  async joins_a_network_by_aliases() {
    const network = await new Network({ nextUuid: () => NAME }).start();
    const server = await container(SERVE).withCopyContentToContainer([{ content: 'served\n', target: '/www/index.html' }]).withNetwork(network).withNetworkAliases('web').withWaitStrategy(Wait.forLogMessage('ready')).start();
    const client = await new GenericContainer(IMAGE).withName(`${NAME}-client`).withNetwork(network).withCommand(['sleep', '1000'])
      .withWaitStrategy(Wait.forSuccessfulCommand('nslookup web')).start();
    assert.match(server.getIpAddress(network.getName()), /^\d+\./);
    assert.strictEqual((await client.exec(['wget', '-q', '-O', '/dev/null', 'http://web/index.html'])).exitCode, 0);
    await client.stop();
    await server.stop();
    await network.stop();
  },
};

cases[process.argv[2]]().then(() => process.exit(0), error => { console.error(error); process.exit(1); });
