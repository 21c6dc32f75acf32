using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers;

/// <summary>The outer task ends when the waiter is registered (so that headers can be sent), the inner one when the condition is met.</summary>
public sealed class WaitContainer(ContainerLookup lookup, ContainerWaiters waiters, IContainerStore containers)
{
    public Task<Task<WaitOutcome>> RunAsync(WaitContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        var met = request.Condition == WaitCondition.Removed ? waiters.Removal(container.Id) : waiters.NextExit(container.Id);

        // Registered first, looked at second: what happens in between is not missed.
        var now = containers.Find(container.Id);
        if (request.Condition == WaitCondition.Removed && now is null) met = Task.FromResult(container.State.ExitCode);
        if (request.Condition == WaitCondition.NotRunning && now is not { State.IsRunning: true })
            met = Task.FromResult((now ?? container).State.ExitCode);
        return Task.FromResult(AnswerAsync(met, cancellationToken));
    }

    private static async Task<WaitOutcome> AnswerAsync(Task<int> met, CancellationToken cancellationToken) =>
        new(await met.WaitAsync(cancellationToken), null);
}
