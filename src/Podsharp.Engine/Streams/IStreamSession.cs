using System.IO.Pipelines;

namespace Podsharp.Engine.Streams;

/// <summary>
/// A stream that has been agreed on: all that can be refused has been checked, and it runs once the edge has switched protocols.
/// </summary>
public interface IStreamSession : IAsyncDisposable
{
    /// <summary>True: raw bytes both ways. False: output is framed with 8-byte headers (reference/protocols.md §1).</summary>
    bool Raw { get; }

    /// <summary>
    /// Copies until the process's output ends, the client detaches or <paramref name="cancellationToken"/> (the client is gone). End of
    /// <paramref name="input"/> is end of stdin only. Neither pipe is completed.
    /// </summary>
    Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken);
}
