using System.Collections.Concurrent;

namespace Podsharp.Engine.System;

/// <summary>What the service has promised to do and has not done yet; while there is any it does not exit for being idle.</summary>
public sealed class PendingDuties
{
    private readonly ConcurrentDictionary<long, string> _duties = new();
    private long _next;

    /// <summary>Counts every change, so that a look at <see cref="Any"/> can be told from a later one.</summary>
    public long Changes => Interlocked.Read(ref _next);

    public bool Any => !_duties.IsEmpty;

    /// <summary>What is pending, for the log.</summary>
    public IReadOnlyCollection<string> Names => [.. _duties.Values];

    /// <param name="what">Named in the log when it keeps the service up.</param>
    public IDisposable Begin(string what)
    {
        var key = Interlocked.Increment(ref _next);
        _duties[key] = what;
        return new Duty(this, key);
    }

    private sealed class Duty(PendingDuties owner, long key) : IDisposable
    {
        public void Dispose() => owner._duties.TryRemove(key, out _);
    }
}
