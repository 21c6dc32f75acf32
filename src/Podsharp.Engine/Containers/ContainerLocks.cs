using System.Collections.Concurrent;
using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers;

/// <summary>
/// One lock a container: start, exit handling and removal of the same container take turns, those of different ones never meet.
/// Not re-entrant; never held while waiting for a container to exit (the exit handler needs it).
/// </summary>
public sealed class ContainerLocks
{
    private readonly ConcurrentDictionary<ContainerId, Entry> _entries = new();

    public async ValueTask<Held> EnterAsync(ContainerId id, CancellationToken cancellationToken)
    {
        var entry = Rent(id);
        try
        {
            await entry.Gate.WaitAsync(cancellationToken);
            return new Held(this, id, entry);
        }
        catch
        {
            Return(id, entry);
            throw;
        }
    }

    private Entry Rent(ContainerId id)
    {
        while (true)
        {
            var entry = _entries.GetOrAdd(id, static _ => new Entry());
            lock (entry)
            {
                if (entry.Dead) continue;
                entry.Users++;
                return entry;
            }
        }
    }

    private void Return(ContainerId id, Entry entry)
    {
        lock (entry)
        {
            if (--entry.Users > 0) return;
            entry.Dead = true;
            _entries.TryRemove(id, out _);
        }
    }

    public readonly struct Held : IDisposable
    {
        private readonly ContainerLocks _owner;
        private readonly ContainerId _id;
        private readonly Entry _entry;

        internal Held(ContainerLocks owner, ContainerId id, Entry entry) => (_owner, _id, _entry) = (owner, id, entry);

        public void Dispose()
        {
            _entry.Gate.Release();
            _owner.Return(_id, _entry);
        }
    }

    internal sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }

        public bool Dead { get; set; }
    }
}
