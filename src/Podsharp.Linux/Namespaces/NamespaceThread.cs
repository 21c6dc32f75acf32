namespace Podsharp.Linux.Namespaces;

/// <summary>
/// A thread that enters namespaces, does its work there and ends: namespaces belong to threads, and a thread of the pool that
/// came back from another namespace would carry it into other people's work.
/// </summary>
internal static class NamespaceThread
{
    private const int StackSize = 256 << 10;

    public static Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "namespace",
        };
        thread.UnsafeStart();
        return done.Task;
    }
}
