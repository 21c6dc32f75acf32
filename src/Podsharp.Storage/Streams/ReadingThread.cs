using Podsharp.Core.Errors;
using Podsharp.Core.Storage;

namespace Podsharp.Storage.Streams;

/// <summary>Tar is read and written by blocking calls: a thread of its own does it, fed by asynchronous reads of a source that it may not read itself.</summary>
internal static class ReadingThread
{
    /// <param name="damaged">Start of the sentence that says what is wrong with a source that ends early or cannot be decompressed.</param>
    public static Task<T> RunAsync<T>(Stream source, string damaged, Func<Stream, T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                using var blocking = (source as IBlockingSource)?.BeginBlocking(cancellationToken);
                using var feed = blocking is null ? new AsyncFeed(source, cancellationToken) : null;
                try
                {
                    return work(feed ?? source);
                }
                catch (Exception e) when (e is EndOfStreamException or ZstdSharp.ZstdException)
                {
                    throw EngineException.InvalidInput($"{damaged}: {e.Message}");
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
}
