using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>What is mounted in the container: the system's own places, then the engine's files and what was asked for, outer directories first.</summary>
internal static class MountPart
{
    private static readonly Version RecursiveSince = new(5, 12);

    public static IReadOnlyList<RuntimeMount> Build(LaunchContext context)
    {
        var asked = context.Container.Mounts;
        var mounts = SystemMounts(context).Where(mount => !asked.Any(other => other.Target == mount.Destination)).ToList();
        var files = context.Files.Where(file => !asked.Any(other => other.Target == file.Target) && HasPlace(file, asked)).Select(Bind);
        var devices = DevicePart.Binds(context).Where(device => !asked.Any(other => other.Target == device.Destination));
        mounts.AddRange(files.Concat(devices).Concat(asked.Select(mount => Asked(mount, context))).OrderBy(static mount => mount.Destination.Count('/')));
        return mounts;
    }

    private static RuntimeMount Bind(EngineFile file) => new(file.Target, "bind", file.Source, file.ReadOnly ? ["bind", "rprivate", "ro"] : ["bind", "rprivate"]);

    // The runtime makes what a file is mounted on, and cannot in what is read-only.
    private static bool HasPlace(EngineFile file, IReadOnlyList<ResolvedMount> asked)
    {
        var around = asked.Where(mount => file.Target.StartsWith(mount.Target.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(static mount => mount.Target.Length);
        return around is not { ReadOnly: true } || (around.Kind != MountKind.Tmpfs && File.Exists(Path.Join(around.Source, file.Target[around.Target.Length..])));
    }

    private static IEnumerable<RuntimeMount> SystemMounts(LaunchContext context)
    {
        yield return new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]);
        yield return new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]);
        yield return new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", .. TtyGroup(context)]);
        yield return SysMount(context);
        if (!context.Host.Rootless || context.Host.CgroupVersion == 2)
            yield return new("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", context.Privileged ? "rw" : "ro"]);
        // Mounted in the host's namespace it shows the host's queues, whether the host has it mounted or not; only the namespace's owner may.
        if (context.Spec.IpcMode.Kind == NamespaceKind.Host && context.Host.Rootless)
            yield return new("/dev/mqueue", "bind", "/dev/mqueue", ["rbind", "nosuid", "noexec", "nodev"]);
        else
            yield return new("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]);
        if (SharedMemory(context) is { } sharedMemory) yield return sharedMemory;
    }

    // Group 5 (tty) is not mapped in a user namespace of one's own making with few ids; the kernel then refuses the mount.
    private static IEnumerable<string> TtyGroup(LaunchContext context) => context.Host.Rootless ? [] : ["gid=5"];

    private static RuntimeMount SysMount(LaunchContext context)
    {
        var write = context.Privileged ? "rw" : "ro";
        // sysfs shows its network namespace's devices, and only the owner of that may mount it.
        return context.Host.Rootless && context.Spec.Network.Mode.Kind == NamespaceKind.Host
            ? new("/sys", "bind", "/sys", ["rbind", "nosuid", "noexec", "nodev", write])
            : new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", write]);
    }

    private static RuntimeMount? SharedMemory(LaunchContext context)
    {
        if (context.Spec.IpcMode.Kind == NamespaceKind.None) return null;
        if (context.SharedMemory is { Length: > 0 } source) return new("/dev/shm", "bind", source, ["rbind", "rprivate", "nosuid", "noexec", "nodev"]);
        var size = context.Spec.ShmSize ?? context.Options.ShmSize;
        return new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", $"size={size}"]);
    }

    private static RuntimeMount Asked(ResolvedMount mount, LaunchContext context)
    {
        if (mount.Kind == MountKind.Tmpfs)
        {
            IReadOnlyList<string> options = context.Privileged && mount.Options.Count == 0 ? [] : mount.Options;
            return new(mount.Target, "tmpfs", "tmpfs", ["nosuid", "nodev", .. Executable(options), .. options, .. ReadOnly(mount)]);
        }

        var propagation = mount.Propagation is { Length: > 0 } given ? given : "rprivate";
        // Those of binds are labels, which mean nothing here.
        IEnumerable<string> words = mount.Kind == MountKind.Volume ? mount.Options.Where(static word => word is "nosuid" or "nodev" or "noexec") : [];
        return new(mount.Target, "bind", mount.Source, [mount.NonRecursive ? "bind" : "rbind", propagation, .. words, .. ReadOnly(mount, context)]);
    }

    // What is mounted below the source is read-only with it, as far as the kernel knows how to (mount_setattr(2), since 5.12).
    private static IEnumerable<string> ReadOnly(ResolvedMount mount, LaunchContext context)
    {
        if (!mount.ReadOnly) return [];
        var able = Version.TryParse(context.Host.KernelVersion.Split('-')[0].Split('+')[0], out var kernel) && kernel >= RecursiveSince;
        if (mount.ReadOnlyForceRecursive && !able)
            throw EngineException.NotSupported($"the mount on {mount.Target} cannot be recursively read-only: that needs Linux 5.12 or newer");
        // Nothing is mounted below a file, and crun opens what is to be recursive as a directory.
        return able && !File.Exists(mount.Source) && !mount.NonRecursive && (!mount.ReadOnlyNonRecursive || mount.ReadOnlyForceRecursive) ? ["ro", "rro"] : ["ro"];
    }

    private static IEnumerable<string> Executable(IReadOnlyList<string> options) => options.Contains("exec") ? [] : ["noexec"];

    private static IEnumerable<string> ReadOnly(ResolvedMount mount) => mount.ReadOnly ? ["ro"] : [];
}
