using System.Globalization;
using System.Runtime.InteropServices;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Host;

/// <summary>Reads <see cref="HostFacts"/>.</summary>
internal static class FactReader
{
    private const int ResourceCapability = 24;

    private static readonly string[] HelperDirectories = ["/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman", "/usr/local/lib/podman"];

    public static HostFacts Read(DriverOptions options, ToolVersions tools, string runtime)
    {
        var release = OsRelease(File.Exists("/etc/os-release") ? Text("/etc/os-release") : Text("/usr/lib/os-release"));
        var status = Text("/proc/self/status");
        var unified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        var monitor = ExecutablePath.Find(options.Monitor.Length > 0 ? options.Monitor : "conmon", HelperDirectories) ?? "";
        var network = ExecutablePath.Find("netavark", HelperDirectories) ?? "";
        var versions = tools.Of([runtime, monitor, network]);
        var hasSeLinux = LabelReader.HasSeLinux;
        return new HostFacts
        {
            HostName = Text("/proc/sys/kernel/hostname").Trim(),
            KernelVersion = Text("/proc/sys/kernel/osrelease").Trim(),
            OperatingSystem = release.GetValueOrDefault("PRETTY_NAME", "Linux"),
            OperatingSystemVersion = release.GetValueOrDefault("VERSION_ID", ""),
            Architecture = Architecture().Go,
            Machine = Architecture().Machine,
            Distribution = release.GetValueOrDefault("ID", ""),
            DistributionCodename = release.GetValueOrDefault("VERSION_CODENAME", ""),
            Processors = Environment.ProcessorCount,
            OnlineProcessors = TextOr("/sys/devices/system/cpu/online", "0"),
            MemoryNodes = TextOr("/sys/devices/system/node/has_memory", "0"),
            UserIds = options.Rootless ? VitalsReader.IdMap(Text("/proc/self/uid_map")) : [],
            GroupIds = options.Rootless ? VitalsReader.IdMap(Text("/proc/self/gid_map")) : [],
            Memory = VitalsReader.Memory(Text("/proc/meminfo"), "MemTotal"),
            CgroupVersion = unified ? 2 : 1,
            CgroupDriver = options.ControlGroups switch { ControlGroupManager.Systemd => "systemd", ControlGroupManager.None => "none", _ => "cgroupfs" },
            Rootless = options.Rootless,
            AppArmor = Text("/sys/module/apparmor/parameters/enabled").StartsWith('Y'),
            SeLinux = hasSeLinux,
            Labels = hasSeLinux ? LabelReader.Defaults() : null,
            Seccomp = status.Contains("\nSeccomp:", StringComparison.Ordinal),
            SwapLimit = HasSwapLimit(unified),
            BlockWeight = unified || File.Exists("/sys/fs/cgroup/blkio/blkio.weight"),
            BootId = Text("/proc/sys/kernel/random/boot_id").Trim(),
            Limits = ProcessLimits.Parse(Text("/proc/self/limits")),
            MayRaiseLimits = !options.Rootless && (CapabilitySet(status, "CapEff") & (1UL << ResourceCapability)) != 0,
            Capabilities = CapabilityNames.Of(CapabilitySet(status, "CapBnd")),
            CgroupControllers = options.Controllers ?? Controllers(unified),
            StorageFileSystem = FileSystemOf(options.Paths.Root),
            Runtime = versions[0],
            Monitor = versions[1],
            NetworkTool = versions[2],
            InitPath = ExecutablePath.Find("catatonit", HelperDirectories) ?? ExecutablePath.Find("tini") ?? "",
        };
    }

    /// <summary>Empty where there is no such file.</summary>
    public static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    internal static Dictionary<string, string> OsRelease(string text)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] != '#') values[line[..equals]] = line[(equals + 1)..].Trim().Trim('"', '\'');
        }

        return values;
    }

    private static (string Go, string Machine) Architecture() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => ("amd64", "x86_64"),
        System.Runtime.InteropServices.Architecture.Arm64 => ("arm64", "aarch64"),
        var other => (other.ToString().ToLowerInvariant(), other.ToString().ToLowerInvariant()),
    };

    private static string TextOr(string path, string absent) => Text(path).Trim() is { Length: > 0 } text ? text : absent;

    private static ulong CapabilitySet(string status, string name)
    {
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return line is null ? 0 : ulong.Parse(line[(name.Length + 1)..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static bool HasSwapLimit(bool unified)
    {
        if (!unified) return File.Exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes");
        var own = Text("/proc/self/cgroup").Trim();
        var group = own.StartsWith("0::", StringComparison.Ordinal) ? own[3..] : "/";
        // The root group has no such file even where the others do.
        return File.Exists($"/sys/fs/cgroup{group}/memory.swap.max")
            || Directory.EnumerateDirectories("/sys/fs/cgroup").Any(static directory => File.Exists(Path.Join(directory, "memory.swap.max")));
    }

    private static List<string> Controllers(bool unified)
    {
        if (unified) return [.. Text("/sys/fs/cgroup/cgroup.controllers").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        return [.. Text("/proc/cgroups").Split('\n')
            .Select(static line => line.Split('\t'))
            .Where(static fields => fields.Length == 4 && fields[3] == "1" && Directory.Exists("/sys/fs/cgroup/" + fields[0]))
            .Select(static fields => fields[0])];
    }

    private static string FileSystemOf(string path)
    {
        try
        {
            return new DriveInfo(path).DriveFormat;
        }
        catch (IOException)
        {
            return "";
        }
    }
}
