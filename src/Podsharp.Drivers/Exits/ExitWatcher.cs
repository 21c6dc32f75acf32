using System.Collections.Concurrent;
using System.Threading.Channels;
using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Exits;

/// <summary>Exits from exit files (inotify) and, where a monitor was killed, from pidfds; all on the poll thread.</summary>
public sealed class ExitWatcher(StorePaths paths) : IExitWatcher, IDisposable
{
    private readonly Inotify _files = new();
    private readonly ConcurrentDictionary<(ContainerId, int), WatchedStart> _starts = new();
    private readonly Channel<ContainerExit> _exits = Channel.CreateUnbounded<ContainerExit>(new UnboundedChannelOptions { SingleReader = true });

    public void Watch(ContainerId id, int generation, int pid, long startTime)
    {
        var start = new WatchedStart(Bundle.Of(paths, id, generation), generation, Tell);
        if (_starts.TryAdd((id, generation), start)) start.Begin(_files, pid, startTime);
    }

    public IAsyncEnumerable<ContainerExit> ReadAllAsync(CancellationToken cancellationToken) => _exits.Reader.ReadAllAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var start in _starts.Values) start.Dispose();
        _files.Dispose();
        _exits.Writer.TryComplete();
    }

    private void Tell(ContainerExit exit)
    {
        _starts.TryRemove((exit.Id, exit.Generation), out _);
        _exits.Writer.TryWrite(exit);
    }
}
