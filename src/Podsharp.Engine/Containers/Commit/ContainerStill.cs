using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Commit;

/// <summary>
/// Holds a container still while its files are read: nothing starts, ends or removes it, and its processes are frozen where that is asked
/// for. That they are to be thawed is written down before they are frozen, so that a service that is killed leaves no container frozen.
/// </summary>
public sealed partial class ContainerStill(
    ContainerLookup lookup, ContainerLocks locks, IContainerRuntime runtime, ContainerStates states, EventPublisher events, ILogger<ContainerStill> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Hold> EnterAsync(ContainerId id, bool pause, CancellationToken cancellationToken)
    {
        var turn = await locks.EnterAsync(id, cancellationToken);
        try
        {
            var container = lookup.Find(id.ToString());
            return new Hold(this, turn, pause && container.State.Phase == ContainerPhase.Running ? await FreezeAsync(container, cancellationToken) : container);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Thaws what a hold has frozen. The caller has the container's turn.</summary>
    public async Task<Container> ThawAsync(Container container)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await runtime.ResumeAsync(container.Id, limit.Token);
        }
        catch (EngineException e)
        {
            // It may have been killed meanwhile: then its exit is all there is to tell.
            Log.NotThawed(logger, container.Id.ToString(), e.Message);
        }

        var thawed = await states.SaveAsync(
            container, container.State with { Phase = ContainerPhase.Running, ThawOwed = false }, CancellationToken.None);
        events.Container(thawed, "unpause");
        return thawed;
    }

    private async Task<Container> FreezeAsync(Container container, CancellationToken cancellationToken)
    {
        var frozen = await states.SaveAsync(
            container, container.State with { Phase = ContainerPhase.Paused, ThawOwed = true }, CancellationToken.None);
        try
        {
            await runtime.PauseAsync(container.Id, cancellationToken);
        }
        catch
        {
            // Cancelled or failed in the middle: it may be frozen all the same.
            await ThawAsync(frozen);
            throw;
        }

        events.Container(frozen, "pause");
        return frozen;
    }

    public sealed class Hold : IAsyncDisposable
    {
        private readonly ContainerStill _owner;
        private readonly ContainerLocks.Held _turn;

        internal Hold(ContainerStill owner, ContainerLocks.Held turn, Container container) => (_owner, _turn, Container) = (owner, turn, container);

        public Container Container { get; }

        public async ValueTask DisposeAsync()
        {
            try
            {
                if (Container.State.ThawOwed) await _owner.ThawAsync(Container);
            }
            finally
            {
                _turn.Dispose();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Container {Id} could not be resumed after its files were read: {Reason}")]
        public static partial void NotThawed(ILogger logger, string id, string reason);
    }
}
