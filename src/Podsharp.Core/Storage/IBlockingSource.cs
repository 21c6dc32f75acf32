namespace Podsharp.Core.Storage;

/// <summary>A stream that is read asynchronously, or by one thread that may block: then no bytes are handed from thread to thread.</summary>
public interface IBlockingSource
{
    /// <summary>Until the answer is disposed the stream is read by its synchronous methods only; null where it cannot be.</summary>
    /// <param name="cancellationToken">Ends a read that waits.</param>
    IDisposable? BeginBlocking(CancellationToken cancellationToken);
}
