using Podsharp.Core.Containers;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers;

/// <summary>What the configuration says of a container where the caller said nothing.</summary>
internal static class ConfiguredDefaults
{
    public static ContainerSpec Apply(ContainerSpec asked, EngineOptions options) => asked with
    {
        IpcMode = asked.IpcMode.Kind == NamespaceKind.Default ? NamespaceMode.Parse(options.IpcMode, "IPC") : asked.IpcMode,
        Mounts = WithVolumes(asked.Mounts, options.Volumes),
    };

    private static MountsSpec WithVolumes(MountsSpec asked, IReadOnlyList<MountRequest> volumes)
    {
        if (volumes.Count == 0) return asked;
        var taken = asked.Requested.Select(static mount => mount.Target).Concat(asked.AnonymousVolumes).ToHashSet(StringComparer.Ordinal);
        return asked with { Requested = [.. asked.Requested, .. volumes.Where(volume => taken.Add(volume.Target))] };
    }
}
