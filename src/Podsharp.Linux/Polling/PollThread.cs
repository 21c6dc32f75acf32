using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Podsharp.Linux.Polling;

/// <summary>
/// One epoll thread for all that the framework cannot wait for: pidfds, pipes, ttys, packet sockets. Handlers are looked up by a number
/// that is never reused, since an event may still be queued when its descriptor has been closed and opened anew.
/// </summary>
internal sealed unsafe partial class PollThread
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint ReadHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;
    public const uint OneShot = 1u << 30;

    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const int BatchSize = 64;

    private static readonly Lazy<PollThread> LazyShared = new(() => new PollThread());

    private readonly ConcurrentDictionary<long, IPollHandler> _handlers = new();
    private readonly int _epoll;
    private long _lastKey;

    private PollThread()
    {
        _epoll = Native.epoll_create1(CloseOnExec);
        if (_epoll < 0) throw SystemCallException.Last("epoll_create1");
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "poll" }.Start();
    }

    public static PollThread Shared => LazyShared.Value;

    /// <summary>Answers the key to <see cref="Remove"/>.</summary>
    public long Register(int fileDescriptor, uint events, IPollHandler handler)
    {
        var key = Interlocked.Increment(ref _lastKey);
        _handlers[key] = handler;
        if (Control(Add, fileDescriptor, events, key) == 0) return key;

        var error = Marshal.GetLastPInvokeError();
        _handlers.TryRemove(key, out _);
        throw new SystemCallException("epoll_ctl", error);
    }

    /// <summary>Wants the next event of a descriptor that was registered as <see cref="OneShot"/>.</summary>
    public void Rearm(int fileDescriptor, uint events, long key)
    {
        if (Control(Modify, fileDescriptor, events, key) != 0) throw SystemCallException.Last("epoll_ctl");
    }

    /// <summary>Call before the descriptor is closed: a child between fork and exec may hold it open a little longer.</summary>
    public void Remove(int fileDescriptor, long key)
    {
        _handlers.TryRemove(key, out _);
        Control(Delete, fileDescriptor, 0, key);
    }

    private int Control(int operation, int fileDescriptor, uint events, long key)
    {
        var entry = stackalloc byte[16];
        Entry.Write(entry, events, key);
        return Native.epoll_ctl(_epoll, operation, fileDescriptor, entry);
    }

    private void Run()
    {
        var batch = stackalloc byte[BatchSize * 16];
        while (true)
        {
            var count = Native.epoll_wait(_epoll, batch, BatchSize, -1);
            for (var i = 0; i < count; i++)
            {
                var (events, key) = Entry.Read(batch + i * Entry.Size);
                if (_handlers.TryGetValue(key, out var handler)) handler.Ready(events);
            }
        }
    }

    // struct epoll_event is packed on x86-64 only.
    private static class Entry
    {
        private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

        public static int Size => Packed ? 12 : 16;

        private static int KeyOffset => Packed ? 4 : 8;

        public static void Write(byte* entry, uint events, long key)
        {
            *(uint*)entry = events;
            *(long*)(entry + KeyOffset) = key;
        }

        public static (uint Events, long Key) Read(byte* entry) => (*(uint*)entry, *(long*)(entry + KeyOffset));
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int epoll_create1(int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int epoll_ctl(int epoll, int operation, int fileDescriptor, byte* entry);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int epoll_wait(int epoll, byte* entries, int count, int timeout);
    }
}
