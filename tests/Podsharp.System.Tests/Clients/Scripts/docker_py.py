"""docker-py as Debian ships it. docker_py.py CASE: runs the function of that name against DOCKER_HOST; a fault ends it with a traceback.

IMAGE names the image to use, NAME begins the name of everything made here: the test removes what is left of it.
"""
import datetime
import io
import os
import sys
import tarfile

import docker

IMAGE = os.environ["IMAGE"]
NAME = os.environ["NAME"]
IDLE = ["sleep", "1000"]


def idle(client, **options):
    # pid 1 ignores TERM unless it says otherwise: a stop is a kill here, so that it never has to wait.
    return client.containers.run(IMAGE, IDLE, detach=True, name=NAME, stop_signal="SIGKILL", **options)


def same(found, wanted):
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


def refused(status, call):
    try:
        call()
    except docker.errors.APIError as error:
        same(error.response.status_code, status)
        return error
    raise AssertionError("was not refused")


def system(client):
    assert client.ping() is True
    version = client.version()
    assert version["ApiVersion"] and version["Os"] == "linux" and version["Components"], version
    info = client.info()
    assert info["ID"] and info["NCPU"] > 0 and info["Driver"] and info["OSType"] == "linux", info
    assert client.df()["Images"], "no image in df"


def images(client):
    image = client.images.get(IMAGE)
    assert IMAGE in image.tags and image.short_id and image.labels is not None, image.attrs
    assert any(image.id == one.id for one in client.images.list())
    assert image.history()
    other = f"{NAME}:one"
    assert image.tag(NAME, "one")
    same([one.id for one in client.images.list(name=NAME)], [image.id])
    same(client.images.get(other).id, image.id)
    client.images.remove(other)
    refused(404, lambda: client.images.get(other))
    same(client.images.list(name=NAME), [])


def save_and_load(client):
    image = client.images.get(IMAGE)
    image.tag(NAME, "saved")
    archive = b"".join(client.images.get(f"{NAME}:saved").save(named=f"{NAME}:saved"))
    client.images.remove(f"{NAME}:saved")
    (loaded,) = client.images.load(archive)
    same(loaded.id, image.id)
    assert f"{NAME}:saved" in loaded.tags, loaded.tags
    client.images.remove(f"{NAME}:saved")


def commit(client):
    container = client.containers.create(IMAGE, ["true"], name=NAME)
    image = container.commit(NAME, "kept", message="by docker-py", changes=["ENV KEPT=yes"])
    assert "KEPT=yes" in image.attrs["Config"]["Env"], image.attrs
    client.images.remove(image.id, force=True)


def run_attached(client):
    same(client.containers.run(IMAGE, ["echo", "hello"], remove=True, name=NAME), b"hello\n")
    both = client.containers.run(IMAGE, ["sh", "-c", "echo out; echo err >&2"], remove=True, stderr=True, name=NAME)
    same(sorted(both.split()), [b"err", b"out"])
    try:
        client.containers.run(IMAGE, ["sh", "-c", "echo why >&2; exit 3"], remove=True, name=NAME)
    except docker.errors.ContainerError as error:
        same(error.exit_status, 3)
        same(error.stderr, b"why\n")
    else:
        raise AssertionError("exit code 3 was no error")
    refused(404, lambda: client.api.create_container("no-such-image-of-ours", "true"))


def run_detached(client):
    container = idle(client, environment={"A": "b"}, labels={"role": "x"}, working_dir="/tmp", hostname="inside", mem_limit="64m", cpu_shares=512,
                     cap_drop=["NET_RAW"], read_only=True, tmpfs={"/scratch": "size=1m"}, ulimits=[docker.types.Ulimit(name="nofile", soft=100, hard=200)],
                     dns=["192.0.2.1"], extra_hosts={"far": "192.0.2.2"}, ports={"80/tcp": ("127.0.0.1", None)}, restart_policy={"Name": "on-failure", "MaximumRetryCount": 3},
                     healthcheck={"test": ["CMD", "true"], "interval": 1_000_000_000}, init=False, sysctls={"net.ipv4.ip_default_ttl": "60"}, shm_size="8m",
                     security_opt=["no-new-privileges"], log_config=docker.types.LogConfig(type="json-file", config={"max-size": "1m"}), group_add=["7"])
    container.reload()
    same(container.status, "running")
    same(container.name, NAME)
    same(container.labels["role"], "x")
    config, host = container.attrs["Config"], container.attrs["HostConfig"]
    assert "A=b" in config["Env"] and config["Hostname"] == "inside", config
    assert host["Memory"] == 64 << 20 and host["ReadonlyRootfs"] is True and host["RestartPolicy"]["MaximumRetryCount"] == 3, host
    assert int(container.ports["80/tcp"][0]["HostPort"]) > 0, container.ports
    code, output = container.exec_run(["sh", "-c", "echo $A; pwd; hostname; ulimit -n; grep far /etc/hosts; cat /etc/resolv.conf /proc/sys/net/ipv4/ip_default_ttl"])
    same(code, 0)
    lines = output.decode().split("\n")
    same(lines[:4], ["b", "/tmp", "inside", "100"])
    assert "192.0.2.2" in lines[4] and "192.0.2.1" in output.decode() and "60" in lines, lines
    assert any(container.id == one.id for one in client.containers.list(filters={"label": "role=x", "name": NAME}))
    assert [process for process in container.top()["Processes"] if any("sleep" in word for word in process)]
    assert container.image.id == client.images.get(IMAGE).id


def logs(client):
    container = client.containers.run(IMAGE, ["sh", "-c", "echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three"], detach=True, name=NAME)
    same(b"".join(container.logs(stream=True, follow=True)), b"one\ntwo\nthree\n")
    same(container.logs(stdout=False, stderr=True), b"two\n")
    same(container.logs(tail=1), b"three\n")
    stamped = container.logs(timestamps=True).decode().split("\n")[0]
    datetime.datetime.strptime(stamped[:19], "%Y-%m-%dT%H:%M:%S")
    same(container.logs(since=datetime.datetime.utcnow() + datetime.timedelta(hours=1)), b"")


def attach(client):
    container = client.containers.create(IMAGE, ["cat"], name=NAME, stdin_open=True)
    socket = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    container.start()
    socket._sock.sendall(b"to and fro\n")
    frame = socket._sock.recv(8 + 11)
    while len(frame) < 19:
        frame += socket._sock.recv(19 - len(frame))
    same(frame, b"\x01\0\0\0\0\0\0\x0bto and fro\n")
    socket.close()
    container.kill()
    same(container.wait()["StatusCode"], 137)
    talker = client.containers.create(IMAGE, ["sh", "-c", "echo a; echo b >&2"], name=NAME + "-t")
    stream = talker.attach(stream=True, logs=False, demux=True)
    talker.start()
    pieces = list(stream)
    same(b"".join(out or b"" for out, _ in pieces), b"a\n")
    same(b"".join(err or b"" for _, err in pieces), b"b\n")


def execs(client):
    container = idle(client)
    say = ["sh", "-c", "echo out; echo err >&2; exit 4"]
    code, output = container.exec_run(say)
    same((code, sorted(output.split())), (4, [b"err", b"out"]))
    same(container.exec_run(say, demux=True), (4, (b"out\n", b"err\n")))
    _, stream = container.exec_run(["sh", "-c", "echo one; sleep 0.2; echo two"], stream=True)
    same(b"".join(stream), b"one\ntwo\n")
    _, stream = container.exec_run(say, stream=True, demux=True)
    pieces = list(stream)
    same(b"".join(out or b"" for out, _ in pieces), b"out\n")
    same(container.exec_run(["sh", "-c", "tty >/dev/null && echo terminal"], tty=True), (0, b"terminal\r\n"))
    same(container.exec_run("id -u", user="1000"), (0, b"1000\n"))
    same(container.exec_run("env", environment={"X": "y"}, workdir="/tmp").output.count(b"X=y\n"), 1)
    assert not container.exec_run("true", detach=True).output
    _, socket = container.exec_run("cat", stdin=True, socket=True)
    socket._sock.sendall(b"fed\n")
    same(socket._sock.recv(12), b"\x01\0\0\0\0\0\0\x04fed\n")
    socket.close()
    session = client.api.exec_create(container.id, "sleep 0.2")
    client.api.exec_start(session["Id"], detach=True)
    assert client.api.exec_inspect(session["Id"])["ContainerID"] == container.id
    same(container.exec_run("no-such-program").exit_code, 127)


def archives(client):
    container = idle(client)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        entry = tarfile.TarInfo("put.txt")
        entry.size, entry.mode, entry.uid = 4, 0o640, 1000
        tar.addfile(entry, io.BytesIO(b"data"))
    assert container.put_archive("/tmp", written.getvalue())
    same(container.exec_run("stat -c %a:%u:%s /tmp/put.txt"), (0, b"640:1000:4\n"))
    pieces, stat = container.get_archive("/tmp/put.txt")
    same((stat["name"], stat["size"]), ("put.txt", 4))
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
        same(tar.extractfile("put.txt").read(), b"data")
    refused(404, lambda: container.get_archive("/no/such/path"))
    assert {"Path": "/tmp/put.txt", "Kind": 1} in container.diff(), container.diff()
    whole = io.BytesIO(b"".join(container.export()))
    with tarfile.open(fileobj=whole) as tar:
        assert "tmp/put.txt" in tar.getnames()


def stats(client):
    container = idle(client)
    once = container.stats(stream=False)
    assert once["memory_stats"]["usage"] > 0 and once["cpu_stats"]["cpu_usage"]["total_usage"] > 0 and once["pids_stats"]["current"] >= 1, once
    same((once["id"], once["name"]), (container.id, "/" + NAME))
    streamed = next(container.stats(stream=True, decode=True))
    assert streamed["read"], streamed


def life(client):
    container = idle(client)
    container.pause()
    container.reload()
    same(container.status, "paused")
    container.unpause()
    container.rename(NAME + "-new")
    container.reload()
    same(container.name, NAME + "-new")
    container.update(mem_limit="32m", memswap_limit="64m", restart_policy={"Name": "no"})
    container.reload()
    same(container.attrs["HostConfig"]["Memory"], 32 << 20)
    container.restart(timeout=5)
    container.stop(timeout=5)
    same(container.wait()["StatusCode"], 137)
    container.start()
    container.kill(signal="KILL")
    same(container.wait(timeout=10)["StatusCode"], 137)
    container.reload()
    same(container.status, "exited")
    container.remove(v=True)
    refused(404, lambda: client.containers.get(NAME + "-new"))
    refused(404, container.start)


def networks(client):
    network = client.networks.create(NAME, driver="bridge", internal=True, labels={"role": "net"}, check_duplicate=True,
                                     ipam=docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet="10.211.7.0/24", gateway="10.211.7.1")]))
    same(client.networks.get(network.id).name, NAME)
    same([one.id for one in client.networks.list(names=[NAME])], [network.id])
    container = idle(client)
    network.connect(container, aliases=["beside"], ipv4_address="10.211.7.9")
    network.reload()
    same([one.id for one in network.containers], [container.id])
    container.reload()
    assert container.attrs["NetworkSettings"]["Networks"][NAME]["IPAddress"] == "10.211.7.9", container.attrs["NetworkSettings"]
    same(refused(403, network.remove).status_code, 403)
    network.disconnect(container)
    network.reload()
    same(network.containers, [])
    network.remove()
    refused(404, lambda: client.networks.get(network.id))


def volumes(client):
    volume = client.volumes.create(NAME, driver="local", labels={"role": "vol"})
    same(client.volumes.get(NAME).attrs["Labels"], {"role": "vol"})
    assert any(NAME == one.name for one in client.volumes.list(filters={"label": "role=vol"}))
    same(client.containers.run(IMAGE, ["sh", "-c", "echo kept >/v/file"], remove=True, name=NAME, volumes={NAME: {"bind": "/v", "mode": "rw"}}), b"")
    mount = docker.types.Mount("/v", NAME, type="volume", read_only=True)
    user = idle(client, mounts=[mount])
    same(user.exec_run("cat /v/file"), (0, b"kept\n"))
    refused(409, volume.remove)
    user.remove(force=True)
    volume.remove()
    refused(404, lambda: client.volumes.get(NAME))


def events(client):
    since = datetime.datetime.utcnow()
    client.containers.run(IMAGE, ["true"], name=NAME)
    container = client.containers.get(NAME)
    seen = [event["Action"] for event in client.events(
        decode=True, since=since - datetime.timedelta(seconds=2), until=datetime.datetime.utcnow() + datetime.timedelta(seconds=1), filters={"container": container.id})]
    for action in ("create", "start", "die"):
        assert action in seen, seen
    stream = client.events(decode=True, filters={"container": container.id, "event": ["destroy"]})
    container.remove()
    same(next(stream)["id"], container.id)
    stream.close()


def prune(client):
    only = {"label": f"prune={NAME}"}
    labels = {"prune": NAME}
    gone = client.containers.create(IMAGE, "true", name=NAME, labels=labels)
    client.networks.create(NAME, labels=labels)
    client.volumes.create(NAME, labels=labels)
    same(client.containers.prune(filters=only)["ContainersDeleted"], [gone.id])
    same(client.networks.prune(filters=only)["NetworksDeleted"], [NAME])
    same(client.volumes.prune(filters={"label": [f"prune={NAME}"], "all": ["1"]})["VolumesDeleted"], [NAME])
    same(client.images.prune(filters=only).get("ImagesDeleted"), None)


CASES = {function.__name__: function for function in (
    system, images, save_and_load, commit, run_attached, run_detached, logs, attach, execs, archives, stats, life, networks, volumes, events, prune)}

if __name__ == "__main__":
    CASES[sys.argv[1]](docker.from_env(timeout=30))
