using System.IO.Pipelines;
using Podsharp.Core.Containers;

namespace Podsharp.Core.Logs;

/// <summary>Reads what containers wrote.</summary>
public interface IContainerLogs
{
    /// <summary>NotSupported when the container's log driver keeps nothing, Internal when this machine has no journal for it.</summary>
    void CheckReadable(Container container);

    /// <summary>
    /// Copies the log, as asked, to <paramref name="output"/>, flushing whenever there is nothing more to read at once. With Follow it goes on
    /// until <paramref name="ended"/> completes and the rest has been read. The writer is not completed.
    /// </summary>
    Task CopyAsync(Container container, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken);

    /// <summary>
    /// From now on keeps up to <paramref name="files"/> files of a log that begins anew at its size limit, the one being written included; reading goes
    /// through all of them. Without it, and while no engine runs, only the newest is sure to be there. Call when a container starts or is found running.
    /// </summary>
    /// <param name="compress">Older files are compressed, as gzip does.</param>
    void Keep(Container container, int files, bool compress);

    /// <summary>The container has ended: its log does not grow any more.</summary>
    void Release(ContainerId id);
}

/// <param name="Tail">Lines from the end; null: all.</param>
/// <param name="Details">Stands before each line's text, behind its time; empty: nothing.</param>
/// <param name="Multiplexed">Frame each line with the 8-byte header (reference/protocols.md §1); else raw bytes.</param>
public sealed record LogQuery(
    bool Stdout,
    bool Stderr,
    bool Follow,
    bool Timestamps,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    int? Tail,
    bool Multiplexed,
    string Details = "");
