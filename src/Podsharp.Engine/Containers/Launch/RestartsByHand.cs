using System.Collections.Concurrent;
using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Runs of containers that end only to begin again, since somebody asked for a restart: what is removed at its end (--rm) stays.</summary>
public sealed class RestartsByHand
{
    private readonly ConcurrentDictionary<(ContainerId Id, int Generation), int> _askers = new();

    /// <summary>Until the restart is disposed, the exit of the container's present run is no end.</summary>
    public IDisposable Begin(Container container)
    {
        var run = RunOf(container);
        _askers.AddOrUpdate(run, 1, static (_, count) => count + 1);
        return new UnderWay(this, run);
    }

    /// <summary>Whether the run that is over, or still on, is to be followed by another.</summary>
    public bool Contains(Container container) => _askers.ContainsKey(RunOf(container));

    private static (ContainerId, int) RunOf(Container container) => (container.Id, container.State.Generation);

    private void End((ContainerId, int) run)
    {
        while (_askers.TryGetValue(run, out var count))
        {
            if (count == 1 ? _askers.TryRemove(KeyValuePair.Create(run, 1)) : _askers.TryUpdate(run, count - 1, count)) return;
        }
    }

    private sealed class UnderWay(RestartsByHand owner, (ContainerId, int) run) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) owner.End(run);
        }
    }
}
