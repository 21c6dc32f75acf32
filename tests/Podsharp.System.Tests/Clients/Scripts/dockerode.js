// dockerode as npm has it. dockerode.js CASE: runs the function of that name against DOCKER_HOST; a fault ends it with a stack.
// IMAGE names the image to use, NAME begins the name of everything made here: the test removes what is left of it.
'use strict';
const assert = require('assert');
const { PassThrough } = require('stream');
const Docker = require('dockerode');
const tar = require('tar-fs');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { IMAGE, NAME } = process.env;
const docker = new Docker();

async function idle(options = {}) {
  // pid 1 ignores TERM unless it says otherwise: a stop is a kill here, so that it never has to wait.
  const container = await docker.createContainer({ Image: IMAGE, Cmd: ['sleep', '1000'], StopSignal: 'SIGKILL', name: NAME, ...options });
  await container.start();
  return container;
}

async function text(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function split(container, stream) {
  const out = new PassThrough(), err = new PassThrough();
  container.modem.demuxStream(stream, out, err);
  stream.on('end', () => { out.end(); err.end(); });
  return Promise.all([text(out), text(err)]);
}

const refused = (status, promise) => assert.rejects(promise, error => error.statusCode === status);

const cases = {
  async system() {
    assert.strictEqual(String(await docker.ping()), 'OK');
    assert((await docker.version()).ApiVersion);
    assert((await docker.info()).ID);
    assert((await docker.df()).Images.length);
  },

  async images() {
    const image = docker.getImage(IMAGE);
    const { Id } = await image.inspect();
    assert((await docker.listImages()).some(one => one.Id === Id));
    assert((await image.history()).length);
    await image.tag({ repo: NAME, tag: 'one' });
    const archive = await text(await docker.getImage(`${NAME}:one`).get());
    assert(archive.includes('manifest.json'));
    assert.strictEqual((await docker.listImages({ filters: { reference: [NAME] } })).length, 1);
    assert.deepStrictEqual(await docker.getImage(`${NAME}:one`).remove(), [{ Untagged: `${NAME}:one` }]);
    await refused(404, docker.getImage(`${NAME}:one`).inspect());
  },

  async run() {
    const out = new PassThrough(), err = new PassThrough();
    const [result, container] = await docker.run(IMAGE, ['sh', '-c', 'echo out; echo err >&2; exit 3'], [out, err], { name: NAME, Tty: false });
    assert.strictEqual(result.StatusCode, 3);
    assert.deepStrictEqual(await Promise.all([text(out), text(err)]), ['out\n', 'err\n']);
    await container.remove();
    await refused(404, container.inspect());
  },

  async attach() {
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['cat'], name: NAME, OpenStdin: true, StdinOnce: true });
    const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
    const read = split(container, stream);
    await container.start();
    stream.end('to and fro\n');
    assert.deepStrictEqual(await read, ['to and fro\n', '']);
    assert.strictEqual((await container.wait()).StatusCode, 0);
  },

  async logs() {
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['sh', '-c', 'echo one; sleep 0.3; echo two >&2'], name: NAME });
    await container.start();
    assert.deepStrictEqual(await split(container, await container.logs({ follow: true, stdout: true, stderr: true })), ['one\n', 'two\n']);
    const whole = await container.logs({ stdout: true, stderr: true, tail: 1 });
    assert.strictEqual(whole.subarray(8).toString(), 'two\n');
  },

  async execs() {
    const container = await idle();
    const exec = await container.exec({ Cmd: ['sh', '-c', 'cat; echo err >&2; exit 4'], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: true });
    const read = split(container, stream);
    stream.end('fed\n');
    assert.deepStrictEqual(await read, ['fed\n', 'err\n']);
    assert.strictEqual((await exec.inspect()).ExitCode, 4);
    const terminal = await container.exec({ Cmd: ['sh', '-c', 'tty >/dev/null && echo terminal'], AttachStdout: true, Tty: true });
    assert.strictEqual(await text(await terminal.start({ hijack: true, Tty: true })), 'terminal\r\n');
    const sized = await container.exec({ Cmd: ['sleep', '1'], Tty: true, AttachStdout: true });
    const open = await sized.start({ hijack: true, Tty: true });
    await sized.resize({ h: 20, w: 70 });
    open.destroy();
    // Whether the answer comes in frames is for the start to say, whatever the process has.
    const unlike = await container.exec({ Cmd: ['echo', 'bytes'], AttachStdout: true });
    assert.strictEqual(await text(await unlike.start({ hijack: true, Tty: true })), 'bytes\n');
  },

  async commits() {
    const { platform } = await docker.getImage(IMAGE).inspect().then(image => ({ platform: `${image.Os}/${image.Architecture}` }));
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['true'], name: NAME, platform });
    const image = docker.getImage((await container.commit({ repo: NAME, tag: 'two', comment: 'why', author: 'me', pause: false, changes: 'CMD ["cat"]' })).Id);
    try {
      const seen = await image.inspect();
      assert.deepStrictEqual([seen.RepoTags, seen.Comment, seen.Author, seen.Config.Cmd], [[`${NAME}:two`], 'why', 'me', ['cat']]);
    } finally {
      await image.remove();
    }
    await container.remove();
  },

  async archives() {
    const container = await idle();
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dockerode-'));
    fs.writeFileSync(path.join(directory, 'put.txt'), 'data');
    await container.putArchive(tar.pack(directory), { path: '/tmp' });
    fs.rmSync(directory, { recursive: true });
    assert((await text(await container.getArchive({ path: '/tmp/put.txt' }))).includes('data'));
    assert((await container.changes()).some(change => change.Path === '/tmp/put.txt'));
    assert((await text(await container.export())).includes('tmp/put.txt'));
    await refused(404, container.getArchive({ path: '/no/such' }));
  },

  async stats() {
    const container = await idle();
    assert((await container.stats({ stream: false })).memory_stats.usage > 0);
    const stream = await container.stats({ stream: true });
    const [first] = await require('events').once(stream, 'data');
    assert(JSON.parse(first).read);
    stream.destroy();
  },

  async life() {
    const container = await idle({ HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } }, ExposedPorts: { '80/tcp': {} } });
    assert(Number((await container.inspect()).NetworkSettings.Ports['80/tcp'][0].HostPort) > 0);
    assert.strictEqual((await docker.listContainers({ filters: { name: [NAME] } })).length, 1);
    assert((await container.top()).Processes.length);
    await container.pause();
    await container.unpause();
    await container.rename({ name: `${NAME}-new` });
    await container.update({ Memory: 32 << 20, MemorySwap: 64 << 20 });
    await container.restart({ t: 5 });
    await container.stop({ t: 5 });
    await refused(304, container.stop());
    assert.strictEqual((await container.wait()).StatusCode, 137);
    await container.start();
    await refused(304, container.start());
    const waited = container.wait({ condition: 'next-exit' });
    await container.kill({ signal: 'KILL' });
    assert.strictEqual((await waited).StatusCode, 137);
    await container.remove({ force: true, v: true });
  },

  async networks() {
    const network = await docker.createNetwork({ Name: NAME, Driver: 'bridge', Internal: true, Labels: { role: 'net' } });
    const container = await idle();
    await network.connect({ Container: container.id, EndpointConfig: { Aliases: ['beside'] } });
    assert.deepStrictEqual(Object.keys((await network.inspect()).Containers), [container.id]);
    assert((await docker.listNetworks({ filters: { name: [NAME] } })).some(one => one.Id === network.id));
    await refused(403, network.remove());
    await network.disconnect({ Container: container.id, Force: true });
    await network.remove();
    await refused(404, network.inspect());
  },

  async volumes() {
    const volume = await docker.createVolume({ Name: NAME, Labels: { role: 'vol' } });
    const container = await idle({ HostConfig: { Binds: [`${NAME}:/v:rw`] } });
    assert((await docker.listVolumes({ filters: { name: [NAME] } })).Volumes.some(one => one.Name === NAME));
    await refused(409, volume.remove());
    await container.remove({ force: true });
    await volume.remove();
    await refused(404, volume.inspect());
  },

  async events() {
    const stream = await docker.getEvents({ filters: { type: ['container'], label: [`events=${NAME}`] } });
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['true'], name: NAME, Labels: { events: NAME } });
    await container.start();
    await container.wait();
    await container.remove({ force: true });
    const seen = [];
    for await (const piece of stream) {
      seen.push(...piece.toString().trim().split('\n').map(line => JSON.parse(line).Action));
      if (seen.includes('destroy')) break;
    }
    assert.deepStrictEqual(seen, ['create', 'start', 'die', 'destroy']);
  },

  async prune() {
    const filters = { label: [`prune=${NAME}`] };
    const Labels = { prune: NAME };
    const container = await docker.createContainer({ Image: IMAGE, Cmd: ['true'], name: NAME, Labels });
    await docker.createNetwork({ Name: NAME, Labels });
    assert.deepStrictEqual((await docker.pruneContainers({ filters })).ContainersDeleted, [container.id]);
    assert.deepStrictEqual((await docker.pruneNetworks({ filters })).NetworksDeleted, [NAME]);
    assert.strictEqual((await docker.pruneImages({ filters })).SpaceReclaimed, 0);
  },
};

cases[process.argv[2]]().then(() => process.exit(0), error => { console.error(error); process.exit(1); });
