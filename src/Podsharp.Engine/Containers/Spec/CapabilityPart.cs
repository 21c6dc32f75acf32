using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Capability sets (capabilities(7)).</summary>
internal static class CapabilityPart
{
    public static RuntimeCapabilities Build(SecuritySpec security, EngineOptions options, HostFacts host, uint userId)
    {
        var granted = Granted(security, options, host);
        // The kernel drops an ordinary user's sets at execve; only what was added by name is passed on by the ambient set.
        IReadOnlyList<string> kept = userId == 0 || security.Privileged
            ? granted
            : [.. granted.Where(name => security.AddCapabilities.Any(added => Normalised(added) == name))];
        return new RuntimeCapabilities(granted, kept, [], kept, userId == 0 ? [] : kept);
    }

    /// <summary>The bounding set: defaults, plus what was added, less what was dropped; all of the host's for a privileged container.</summary>
    public static IReadOnlyList<string> Granted(SecuritySpec security, EngineOptions options, HostFacts host)
    {
        if (security.Privileged) return host.Capabilities;
        var added = security.AddCapabilities.Select(Normalised).ToList();
        var dropped = security.DropCapabilities.Select(Normalised).ToList();
        var set = new SortedSet<string>(StringComparer.Ordinal);
        if (added.Contains("ALL")) set.UnionWith(host.Capabilities);
        else if (!dropped.Contains("ALL")) set.UnionWith(options.DefaultCapabilities.Where(name => host.Capabilities.Contains(name)));
        foreach (var name in dropped.Where(name => name != "ALL")) set.Remove(name);
        set.UnionWith(added.Where(name => name != "ALL"));
        return [.. set];
    }

    /// <summary>Refuses unknown names, and known ones that this machine cannot give.</summary>
    public static void Validate(SecuritySpec security, HostFacts host)
    {
        RefuseUnknown(security.AddCapabilities, "CapAdd");
        RefuseUnknown(security.DropCapabilities, "CapDrop");
        foreach (var text in security.AddCapabilities)
        {
            var name = Normalised(text);
            if (name != "ALL" && !host.Capabilities.Contains(name))
                throw EngineException.InvalidInput($"capability {name} cannot be added: this service does not hold it itself");
        }
    }

    private static void RefuseUnknown(IReadOnlyList<string> names, string field)
    {
        foreach (var name in names.Select(Normalised))
            if (name != "ALL" && !Known.Contains(name)) throw EngineException.InvalidInput($"invalid {field}: unknown capability: \"{name}\"");
    }

    public static string Normalised(string text)
    {
        var name = text.ToUpperInvariant();
        return name == "ALL" || name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
    }

    private static readonly HashSet<string> Known =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];
}
