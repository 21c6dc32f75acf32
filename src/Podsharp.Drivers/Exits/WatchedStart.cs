using System.Globalization;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Exits;

/// <summary>One start of a container, until its exit has been told.</summary>
internal sealed class WatchedStart(Bundle bundle, int generation, Action<ContainerExit> tell) : IDisposable
{
    private const int Unknown = -1;

    private readonly Lock _lock = new();
    private readonly List<IDisposable> _sources = [];
    private volatile bool _initGone;
    private volatile bool _monitorGone;
    private bool _done;

    public void Begin(Inotify files, int pid, long startTime)
    {
        // conmon renames the exit file into place: a move-in event.
        Keep(files.Add(bundle.ExitDirectory, WatchEvents.MovedIn | WatchEvents.Created, Check));
        var (monitor, monitorStart) = ReadMonitor();
        _monitorGone = !Keep(ProcessWatch.Start(monitor, monitorStart, () =>
        {
            _monitorGone = true;
            Check();
        }));
        _initGone = !Keep(ProcessWatch.Start(pid, startTime, () =>
        {
            _initGone = true;
            Check();
        }));
        Check();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _done = true;
            foreach (var source in _sources) source.Dispose();
            _sources.Clear();
        }
    }

    private bool Keep(IDisposable? source)
    {
        if (source is null) return false;
        lock (_lock)
        {
            if (_done) source.Dispose();
            else _sources.Add(source);
        }

        return true;
    }

    private void Check()
    {
        lock (_lock)
        {
            if (_done) return;
            // Looked at before the file: a monitor writes it before it goes.
            var nobodyLeft = _initGone && _monitorGone;
            var exit = ReadExit();
            if (exit is null && !nobodyLeft) return;
            Dispose();
            tell(exit ?? Exit(Unknown, DateTimeOffset.UtcNow));
        }
    }

    private ContainerExit? ReadExit()
    {
        try
        {
            var text = File.ReadAllText(bundle.ExitFile);
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
                ? Exit(code, File.GetLastWriteTimeUtc(bundle.ExitFile))
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private ContainerExit Exit(int code, DateTimeOffset time) => new(bundle.Id, generation, code, bundle.RanOutOfMemory, time);

    private (int Pid, long StartTime) ReadMonitor()
    {
        try
        {
            var fields = File.ReadAllText(bundle.MonitorPidFile).Split(' ');
            return (int.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return (0, 0);
        }
    }
}
