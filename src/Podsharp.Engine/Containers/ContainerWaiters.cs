using System.Collections.Concurrent;
using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers;

/// <summary>Those who wait for a container to exit or to be removed.</summary>
public sealed class ContainerWaiters
{
    private readonly ConcurrentDictionary<ContainerId, Pair> _pairs = new();

    /// <summary>Completes with the exit code at the next exit.</summary>
    public Task<int> NextExit(ContainerId id) => PairOf(id).Exit.Task;

    /// <summary>Completes with the last exit code when the container has been removed.</summary>
    public Task<int> Removal(ContainerId id) => PairOf(id).Removal.Task;

    internal void Exited(ContainerId id, int exitCode)
    {
        while (_pairs.TryGetValue(id, out var pair))
        {
            if (!_pairs.TryUpdate(id, pair with { Exit = NewSource() }, pair)) continue;
            pair.Exit.TrySetResult(exitCode);
            return;
        }
    }

    internal void Removed(ContainerId id, int exitCode)
    {
        if (!_pairs.TryRemove(id, out var pair)) return;
        pair.Exit.TrySetResult(exitCode);
        pair.Removal.TrySetResult(exitCode);
    }

    private Pair PairOf(ContainerId id) => _pairs.GetOrAdd(id, static _ => new Pair(NewSource(), NewSource()));

    private static TaskCompletionSource<int> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Pair(TaskCompletionSource<int> Exit, TaskCompletionSource<int> Removal);
}
