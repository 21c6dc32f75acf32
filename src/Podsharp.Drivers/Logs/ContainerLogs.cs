using System.Collections.Concurrent;
using System.IO.Pipelines;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Logs;
using Podsharp.Core.Storage;
using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Logs;

/// <summary>Reads what conmon's log drivers have kept.</summary>
public sealed class ContainerLogs(StorePaths paths, JournalPlace journal) : IContainerLogs, IDisposable
{
    private readonly JournalLog _journal = new(journal);
    private readonly ConcurrentDictionary<ContainerId, LogKeeper> _keepers = new();
    private readonly Lazy<Inotify> _watches = new(static () => new Inotify());

    public void CheckReadable(Container container)
    {
        if (container.LogDriver == "none") throw EngineException.NotSupported("configured logging driver does not support reading");
        if (container.LogDriver == "journald") _journal.Check();
    }

    public Task CopyAsync(Container container, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken)
    {
        CheckReadable(container);
        return container.LogDriver == "journald"
            ? _journal.CopyAsync(container.Id, query, output, ended, cancellationToken)
            : CopyFileAsync(paths.LogFile(container.Id), query, output, ended, cancellationToken);
    }

    public void Keep(Container container, int files, bool compress)
    {
        if (files <= 1 || container.LogDriver is "none" or "journald") return;
        var keeper = new LogKeeper(_watches.Value, paths.LogFile(container.Id), files, compress);
        _keepers.AddOrUpdate(container.Id, keeper, (_, former) =>
        {
            former.Dispose();
            return keeper;
        });
    }

    public void Release(ContainerId id)
    {
        if (_keepers.TryRemove(id, out var keeper)) keeper.Dispose();
    }

    public void Dispose()
    {
        foreach (var keeper in _keepers.Values) keeper.Dispose();
        if (_watches.IsValueCreated) _watches.Value.Dispose();
    }

    private async Task CopyFileAsync(string path, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken)
    {
        using var file = new LogFile(path);
        var writer = new LogWriter(query, output);
        file.Open(query.Tail);
        if (query.Follow)
        {
            await FollowAsync(file, writer, ended, cancellationToken);
        }
        else
        {
            while (await DrainAsync(file, writer, cancellationToken) && file.MoveToSuccessorOfThen())
            {
                // Drained by the condition.
            }
        }
    }

    private async Task FollowAsync(LogFile file, LogWriter writer, Task ended, CancellationToken cancellationToken)
    {
        using var changes = new LogChanges(_watches.Value, file.Path, ended);
        while (true)
        {
            // Looked at before reading: all that was written before the end is in the file then.
            var last = ended.IsCompleted;
            changes.Renew();
            if (!await DrainAsync(file, writer, cancellationToken)) return;
            while (file.MoveToSuccessor())
            {
                changes.Renew();
                if (!await DrainAsync(file, writer, cancellationToken)) return;
            }

            if (last) return;
            await changes.WaitAsync(cancellationToken);
        }
    }

    /// <summary>False when nothing more is wanted.</summary>
    private static async Task<bool> DrainAsync(LogFile file, LogWriter writer, CancellationToken cancellationToken)
    {
        while (file.Fill())
        {
            while (file.TakeLines(writer))
            {
                if (!await writer.FlushAsync(cancellationToken)) return false;
            }

            if (writer.Finished) break;
        }

        return await writer.FlushAsync(cancellationToken) && !writer.Finished;
    }
}
