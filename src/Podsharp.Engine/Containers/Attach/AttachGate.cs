using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Containers.Attach;

/// <summary>
/// Clients that attach before the start: they are connected between the runtime's create and start, so that not a byte of output is missed.
/// </summary>
public sealed class AttachGate(IContainerRuntime runtime)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ContainerId, List<TaskCompletionSource<IStdio>>> _waiting = [];

    /// <summary>Completes when the container has been created by the runtime; fails when that fails. Whoever cancels has left without a trace.</summary>
    public async Task<IStdio> WaitForStart(ContainerId id, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource<IStdio>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter(id, source);
        await using var registration = cancellationToken.Register(() =>
        {
            Leave(id, source);
            source.TrySetCanceled(cancellationToken);
        });
        return await source.Task;
    }

    internal async Task ConnectAsync(Container container, CancellationToken cancellationToken)
    {
        foreach (var source in TakeAll(container.Id))
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
        foreach (var source in TakeAll(id))
            // Nobody may be looking any more: an observed exception is no news.
            if (source.TrySetException(error)) _ = source.Task.Exception;
    }

    private void Enter(ContainerId id, TaskCompletionSource<IStdio> source)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out var waiting)) _waiting[id] = waiting = [];
            waiting.Add(source);
        }
    }

    private void Leave(ContainerId id, TaskCompletionSource<IStdio> source)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out var waiting)) return;
            waiting.Remove(source);
            if (waiting.Count == 0) _waiting.Remove(id);
        }
    }

    private List<TaskCompletionSource<IStdio>> TakeAll(ContainerId id)
    {
        lock (_lock)
        {
            return _waiting.Remove(id, out var waiting) ? waiting : [];
        }
    }
}
