using Podsharp.Core.Containers;
using Podsharp.Core.Storage;

namespace Podsharp.Storage.Roots;

/// <summary>
/// Who besides a container's processes needs its root mounted. The kernel must not have one upper directory in two overlays, so everybody shares one
/// mount, and the last lets go of it: the container's end leaves it to those who hold it, and a start takes it over from them.
/// </summary>
internal sealed class RootHolds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ContainerId, Entry> _entries = [];

    /// <summary>Counts one more; the caller must <see cref="LeaveAsync"/>.</summary>
    public Entry Enter(ContainerId id)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(id, out var entry)) _entries[id] = entry = new Entry();
            entry.Count++;
            return entry;
        }
    }

    public Entry? Find(ContainerId id)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(id);
        }
    }

    /// <summary>Whether somebody holds it; look at it under the entry's gate.</summary>
    public bool IsHeld(Entry entry)
    {
        lock (_lock)
        {
            return entry.Count > 0;
        }
    }

    /// <param name="unmount">Runs when the last one goes and the container doesn't need it.</param>
    public async Task LeaveAsync(ContainerId id, Entry entry, Action unmount)
    {
        await entry.Gate.WaitAsync(CancellationToken.None);
        try
        {
            lock (_lock)
            {
                if (--entry.Count > 0) return;
            }

            if (entry.UnmountOwed) unmount();
            entry.UnmountOwed = false;
            lock (_lock)
            {
                if (entry.Count > 0) return;
                _entries.Remove(id);
            }

            entry.Free.TrySetResult();
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public sealed class Entry
    {
        /// <summary>Held while the root is mounted or unmounted.</summary>
        public SemaphoreSlim Gate { get; } = new(1);

        public int Count { get; set; }

        public bool UnmountOwed { get; set; }

        /// <summary>The container is being removed.</summary>
        public CancellationTokenSource Lost { get; } = new();

        public TaskCompletionSource Free { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One who holds.</summary>
    public sealed class Hold(Func<Task> leave, CancellationToken lost) : IRootHold
    {
        private int _left;

        public CancellationToken Lost => lost;

        // The kernel writes the upper directory's files to the disk before it lets go: nobody who has his answer waits for that.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) _ = Task.Run(leave);
        }
    }
}
