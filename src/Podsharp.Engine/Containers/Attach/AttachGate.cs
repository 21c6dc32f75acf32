using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Containers.Attach;

/// <summary>
/// Clients that attach before the start: they are connected between the runtime's create and start, so that not a byte of output is missed.
/// </summary>
public sealed class AttachGate(IContainerRuntime runtime)
{
    private readonly ConcurrentDictionary<ContainerId, ConcurrentBag<TaskCompletionSource<IStdio>>> _waiting = new();

    /// <summary>Completes when the container has been created by the runtime; fails when that fails.</summary>
    public Task<IStdio> WaitForStart(ContainerId id, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource<IStdio>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.GetOrAdd(id, static _ => []).Add(source);
        return cancellationToken.CanBeCanceled ? Abandonable(source, cancellationToken) : source.Task;
    }

    internal async Task ConnectAsync(Container container, CancellationToken cancellationToken)
    {
        if (!_waiting.TryRemove(container.Id, out var waiting)) return;
        foreach (var source in waiting)
        {
            if (source.Task.IsCompleted) continue;
            try
            {
                var stdio = await runtime.AttachAsync(container, cancellationToken);
                if (!source.TrySetResult(stdio)) await stdio.DisposeAsync();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                source.TrySetException(error);
            }
        }
    }

    internal void Fail(ContainerId id, Exception error)
    {
        if (!_waiting.TryRemove(id, out var waiting)) return;
        foreach (var source in waiting)
            // Nobody may be looking any more: an observed exception is no news.
            if (source.TrySetException(error)) _ = source.Task.Exception;
    }

    private static async Task<IStdio> Abandonable(TaskCompletionSource<IStdio> source, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        return await source.Task;
    }
}
