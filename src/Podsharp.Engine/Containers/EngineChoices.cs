using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Containers;

/// <summary>What a container has where its creator said nothing: inspection shows it in the place of what was asked for.</summary>
public sealed class EngineChoices(EngineOptions options, IHost host)
{
    public string Runtime => host.Facts.Runtime.Name;

    public string IpcMode => options.IpcMode;

    /// <summary>Bytes.</summary>
    public long ShmSize => options.ShmSize;

    /// <returns>private or host.</returns>
    public string CgroupMode(ContainerSpec spec) => NamespacePart.HasPrivateCgroup(spec, options, host.Facts) ? "private" : "host";

    /// <returns>Null for a privileged container: nothing is hidden from it.</returns>
    public IReadOnlyList<string>? MaskedPaths(SecuritySpec security) => OrNull(security, SystemPaths.Masked(security));

    /// <returns>Null for a privileged container: it may write everywhere.</returns>
    public IReadOnlyList<string>? ReadOnlyPaths(SecuritySpec security) => OrNull(security, SystemPaths.ReadOnly(security));

    private static IReadOnlyList<string>? OrNull(SecuritySpec security, IReadOnlyList<string> paths) => security.Privileged && paths.Count == 0 ? null : paths;
}
