using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.System;

/// <summary>Facts about the engine as a whole: from memory, but for the machine's vitals.</summary>
public sealed class GetInfo(IHost host, IContainerStore containers, IImageStore images, IStoreIdentity identity, StorePaths paths, EngineOptions options)
{
    public Task<EngineInfo> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var all = containers.All;
        var running = all.Count(container => container.State.Phase is ContainerPhase.Running or ContainerPhase.Restarting);
        var paused = all.Count(container => container.State.Phase == ContainerPhase.Paused);
        return Task.FromResult(new EngineInfo
        {
            Version = EngineVersion.Text,
            StoreId = identity.Id,
            Paths = paths,
            StorageStatus = identity.DriverStatus,
            Containers = all.Count,
            Running = running,
            Paused = paused,
            Images = images.All.Count,
            Host = host.Facts,
            Vitals = host.Vitals(paths.Root),
            Options = options,
        });
    }
}

public sealed record EngineInfo
{
    public required string Version { get; init; }

    public required string StoreId { get; init; }

    public required StorePaths Paths { get; init; }

    public required IReadOnlyList<(string Key, string Value)> StorageStatus { get; init; }

    public required int Containers { get; init; }

    public required int Running { get; init; }

    public required int Paused { get; init; }

    public int Stopped => Containers - Running - Paused;

    public required int Images { get; init; }

    public required HostFacts Host { get; init; }

    public required HostVitals Vitals { get; init; }

    public required EngineOptions Options { get; init; }
}
