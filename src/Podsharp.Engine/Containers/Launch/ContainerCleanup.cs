using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Undoes a start: runtime state, network and mounts, side by side. Safe to repeat; what fails stays owed.</summary>
public sealed partial class ContainerCleanup(
    IContainerRuntime runtime, IRootFileSystems roots, ContainerVolumes volumes, ContainerNetworking networking, ContainerStates states,
    ILogger<ContainerCleanup> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The container's processes are ended where they still run. The caller holds the container's lock.</summary>
    public async Task<Container> RunAsync(Container container)
    {
        using var limit = new CancellationTokenSource(Patience);
        var network = TryAsync(container, "network", () => TearDownAsync(container, limit.Token));
        // The runtime lets go of the root before the mount can.
        var process = await TryAsync(container, "runtime", () => runtime.DeleteAsync(container.Id, limit.Token));
        var mounts = await TryAsync(container, "mounts", () => roots.UnmountAsync(container.Id, limit.Token));
        var given = container.Mounts.Count == 0 || await TryAsync(container, "volumes", () => volumes.ReleaseAsync(container, limit.Token));
        var done = await network && process && mounts && given;
        var state = container.State with { CleanupOwed = !done };
        if (done) state = state.OffNetworks();
        return await states.SaveAsync(container, state, CancellationToken.None);
    }

    private Task TearDownAsync(Container container, CancellationToken cancellationToken) =>
        container.State.IsOffNetworks() ? Task.CompletedTask : networking.TearDownAsync(container, cancellationToken);

    private async Task<bool> TryAsync(Container container, string what, Func<Task> undo)
    {
        try
        {
            await undo();
            return true;
        }
        catch (Exception error)
        {
            Log.Failed(logger, what, container.Id.ToString(), error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The {What} of container {Id} could not be cleaned up; it is tried again at its next start or removal")]
        public static partial void Failed(ILogger logger, string what, string id, Exception error);
    }
}
