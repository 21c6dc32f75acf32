using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Execs;

/// <summary>
/// The exec sessions of this service's life. One that has ended is kept for a while, since clients ask for its exit code afterwards.
/// </summary>
public sealed class ExecSessions(IContainerStore containers, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<ContainerId, Entry> _entries = new();

    public ExecSession Add(CreateExecRequest request, ContainerId containerId)
    {
        Forget();
        var session = new ExecSession { Id = ContainerId.New(), ContainerId = containerId, Request = request };
        _entries[session.Id] = new Entry(session);
        return session;
    }

    /// <summary>By full id or unique prefix, as long as its container is there.</summary>
    public ExecSession Find(string id) => FindEntry(id).Session;

    /// <summary>
    /// The process of a session that has been claimed, as soon as it is there: a client may know that its request was taken before the process has
    /// started. Null: nobody has claimed it, or it has ended.
    /// </summary>
    internal async Task<IExecProcess?> StartedProcessOfAsync(ContainerId id, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Session.Started) return null;
        await entry.Launched.Task.WaitAsync(cancellationToken);
        return entry.Process;
    }

    /// <summary>Those that run or may yet be started.</summary>
    public IReadOnlyList<ContainerId> OpenIn(ContainerId containerId) =>
        [.. _entries.Values.Where(entry => entry.Session.ContainerId == containerId && entry.Ended is null).Select(static entry => entry.Session.Id)];

    /// <summary>True for the one caller that may start it.</summary>
    internal bool Claim(ContainerId id)
    {
        if (!_entries.TryGetValue(id, out var entry)) return false;
        lock (entry)
        {
            if (entry.Session.Started) return false;
            entry.Session = entry.Session with { Started = true };
            return true;
        }
    }

    internal void Running(ContainerId id, IExecProcess process) => Change(id, entry =>
    {
        entry.Process = process;
        entry.Session = entry.Session with { Running = true, Pid = process.Pid };
        entry.Launched.TrySetResult();
    });

    internal void Ended(ContainerId id, int exitCode) => Change(id, entry =>
    {
        entry.Process = null;
        entry.Ended = clock.GetUtcNow();
        entry.Session = entry.Session with { Running = false, ExitCode = exitCode };
        entry.Launched.TrySetResult();
    });

    private void Change(ContainerId id, Action<Entry> change)
    {
        if (!_entries.TryGetValue(id, out var entry)) return;
        lock (entry) change(entry);
    }

    private Entry FindEntry(string id)
    {
        Entry? found = null;
        if (id.Length == 64) _entries.TryGetValue(ContainerId.Parse(id), out found);
        else if (id.Length > 0 && _entries.Values.Where(entry => entry.Session.Id.ToString().StartsWith(id, StringComparison.Ordinal)).Take(2).ToList() is [var only]) found = only;
        return found is not null && containers.Find(found.Session.ContainerId) is not null ? found : throw EngineException.NoSuchExec(id);
    }

    private void Forget()
    {
        var oldest = clock.GetUtcNow() - Kept;
        foreach (var (id, entry) in _entries)
            if (entry.Ended < oldest || containers.Find(entry.Session.ContainerId) is null) _entries.TryRemove(id, out _);
    }

    private sealed class Entry(ExecSession session)
    {
        public ExecSession Session { get; set; } = session;

        public IExecProcess? Process { get; set; }

        /// <summary>Set when the process has started or could not.</summary>
        public TaskCompletionSource Launched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTimeOffset? Ended { get; set; }
    }
}
