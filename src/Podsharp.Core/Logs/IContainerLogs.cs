using System.IO.Pipelines;
using Podsharp.Core.Containers;

namespace Podsharp.Core.Logs;

/// <summary>Reads what containers wrote.</summary>
public interface IContainerLogs
{
    /// <summary>
    /// Copies the log, as asked, to <paramref name="output"/>, flushing whenever there is nothing more to read at once. With Follow it goes on
    /// until <paramref name="ended"/> completes and the rest has been read. The writer is not completed.
    /// </summary>
    Task CopyAsync(Container container, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken);
}

/// <param name="Tail">Lines from the end; null: all.</param>
/// <param name="Multiplexed">Frame each line with the 8-byte header (reference/protocols.md §1); else raw bytes.</param>
public sealed record LogQuery(
    bool Stdout,
    bool Stderr,
    bool Follow,
    bool Timestamps,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    int? Tail,
    bool Multiplexed);
