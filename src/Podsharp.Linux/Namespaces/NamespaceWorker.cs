using System.Collections.Concurrent;

namespace Podsharp.Linux.Namespaces;

/// <summary>A thread that stays in a network namespace, and keeps it, and does there what others hand to it: one thing after the other.</summary>
public sealed class NamespaceWorker : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    /// <param name="path">Where the namespace is bound.</param>
    public NamespaceWorker(string path)
    {
        var space = File.OpenHandle(path);
        Ended = RunAsync();

        async Task RunAsync()
        {
            using (space)
            {
                await NamespaceThread.RunAsync(space, () =>
                {
                    foreach (var work in _work.GetConsumingEnumerable()) work();
                });
            }
        }
    }

    /// <summary>Fails where the namespace could not be entered.</summary>
    public Task Ended { get; }

    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    public void Dispose() => _work.CompleteAdding();
}
