using Podsharp.Core.Containers;

namespace Podsharp.Engine.Volumes;

/// <summary>
/// Resolved mounts. Until it is disposed its volumes cannot be removed; call <see cref="Keep"/> once the container is in the
/// store, else disposal removes the volumes that were made for it.
/// </summary>
public sealed class MountResolution : IAsyncDisposable
{
    private readonly Func<bool, ValueTask> _release;
    private bool _kept;

    internal MountResolution(IReadOnlyList<ResolvedMount> mounts, Func<bool, ValueTask> release)
    {
        Mounts = mounts;
        _release = release;
    }

    /// <summary>In the order in which they must be mounted: parents before children.</summary>
    public IReadOnlyList<ResolvedMount> Mounts { get; }

    public void Keep() => _kept = true;

    public ValueTask DisposeAsync() => _release(_kept);
}
