using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>
/// The one owner of the on-disk layout.
/// <code>
/// ROOT                            outlives the machine's power
///   lock                          flock of the one service that owns the store; holds "pid socket"
///   store.db                      SQLite: images, volumes, networks, container definitions, last exits, events
///   blobs/sha256/HEX              OCI blobs (manifests, configurations, compressed layers)
///   layers/HEX/diff               a layer's files, immutable   layers/HEX/tar      the record of its tar stream
///   containers/ID/{upper,work}    a container's own files      containers/ID/ctr.log[.N], hosts, hostname, resolv.conf, localtime
///   volumes/NAME/data             a volume's content
///   tmp/                          staging; emptied at start
/// RUNROOT                         a tmpfs: ends with the boot
///   run.db                        SQLite: running state, stamped with the boot id
///   podsharp.sock                 the socket, unless systemd holds it elsewhere
///   containers/ID/rootfs          where its overlay is mounted    containers/ID/shm   its /dev/shm when others may share it
///   containers/ID/mounts/N        what a mount of an image or of a part of a volume is bound from
///   containers/ID/GEN/            bundle of one start: config.json, attach, ctl, pidfile, conmon.pid, oci.log
///   containers/ID/GEN/exits/ID    the exit file of that start; containers/ID/GEN/persist/{exit,oom}
///   netns/ID                      bind mount of the network namespace (an ordinary user's: $XDG_RUNTIME_DIR/netns/ID)
///   runtime/                      state of the OCI runtime (its --root)
///   network/                      netavark's and aardvark-dns' run directory
/// </code>
/// </summary>
public sealed record StorePaths(string Root, string RunRoot)
{
    /// <summary>What the engine writes for a container, in its directory, and mounts into it by these names.</summary>
    public static IReadOnlyList<string> FilesBelowEtc { get; } = ["hosts", "hostname", "resolv.conf"];

    public string LockFile => Path.Join(Root, "lock");

    public string Database => Path.Join(Root, "store.db");

    public string Blobs => Path.Join(Root, "blobs", "sha256");

    public string Layers => Path.Join(Root, "layers");

    public string Volumes => Path.Join(Root, "volumes");

    public string Containers => Path.Join(Root, "containers");

    public string Staging => Path.Join(Root, "tmp");

    public string SeccompCache => Path.Join(Root, "seccomp");

    public string RunDatabase => Path.Join(RunRoot, "run.db");

    /// <summary>RUNROOT/netns, unless the tools that open the namespaces may only do so elsewhere.</summary>
    public string NetworkNamespaces { get; init; } = Path.Join(RunRoot, "netns");

    /// <summary>The network namespace of an ordinary user's bridges; several stores of his may share the directory.</summary>
    public string BridgesNamespace => Path.Join(NetworkNamespaces, "podsharp" + RunRoot.Replace('/', '-'));

    public string RuntimeState => Path.Join(RunRoot, "runtime");

    /// <summary>The text of the profile of AppArmor that was loaded last.</summary>
    public string AppArmorProfile => Path.Join(RunRoot, "apparmor");

    public string NetworkRun => Path.Join(RunRoot, "network");

    /// <summary>A file for each container whose published ports a process serves, with its pid; only where no firewall does.</summary>
    public string Forwarders => Path.Join(RunRoot, "forward");

    public string RunContainers => Path.Join(RunRoot, "containers");

    public string Blob(Digest digest) => Path.Join(Blobs, digest.Hex);

    public string Layer(Digest diffId) => Path.Join(Layers, diffId.Hex);

    public string Volume(string name) => Path.Join(Volumes, name);

    public string VolumeData(string name) => Path.Join(Volumes, name, "data");

    public string Container(ContainerId id) => Path.Join(Containers, id.ToString());

    public string LogFile(ContainerId id) => Path.Join(Container(id), "ctr.log");

    public string RunContainer(ContainerId id) => Path.Join(RunContainers, id.ToString());

    public string RootFs(ContainerId id) => Path.Join(RunContainer(id), "rootfs");

    public string SharedMemory(ContainerId id) => Path.Join(RunContainer(id), "shm");

    public string MountPlaces(ContainerId id) => Path.Join(RunContainer(id), "mounts");

    public string Bundle(ContainerId id, int generation) => Path.Join(RunContainer(id), generation.ToString());

    public string NetworkNamespace(ContainerId id) => Path.Join(NetworkNamespaces, id.ToString());
}
