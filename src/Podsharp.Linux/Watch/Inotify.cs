using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Polling;

namespace Podsharp.Linux.Watch;

[Flags]
public enum WatchEvents : uint
{
    Modified = 0x2,
    AttributesChanged = 0x4,
    MovedIn = 0x80,
    Created = 0x100,
    SelfDeleted = 0x400,
    SelfMoved = 0x800,
}

/// <summary>
/// inotify(7) on the poll thread: callbacks must be short and must not throw. The kernel gives one watch to a file however often it is asked;
/// here a path may have several callbacks.
/// </summary>
public sealed unsafe partial class Inotify : IPollHandler, IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const uint Overflow = 0x4000;
    private const uint AddToMask = 0x20000000;
    private const int HeaderSize = 16;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<int, Action[]> _callbacks = new();
    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly long _key;

    public Inotify()
    {
        var descriptor = Native.inotify_init1(CloseOnExec | NonBlocking);
        if (descriptor < 0) throw SystemCallException.Last("inotify_init1");
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        _key = PollThread.Shared.Register(descriptor, PollThread.In, this);
    }

    /// <summary>Calls back at each of these events, and when the kernel has lost events, until the answer is disposed. Null when the path is not there.</summary>
    public IDisposable? Add(string path, WatchEvents events, Action callback)
    {
        lock (_lock)
        {
            var watch = Native.inotify_add_watch(Number, path, (uint)events | AddToMask);
            if (watch < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                return error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory
                    ? null
                    : throw new SystemCallException($"inotify_add_watch {path}", error);
            }

            _callbacks[watch] = _callbacks.TryGetValue(watch, out var present) ? [.. present, callback] : [callback];
            return new Registration(this, watch, callback);
        }
    }

    public void Dispose()
    {
        PollThread.Shared.Remove(Number, _key);
        _handle.Dispose();
    }

    void IPollHandler.Ready(uint events)
    {
        fixed (byte* start = _buffer)
        {
            nint count;
            while ((count = Native.read(Number, start, (nuint)_buffer.Length)) > 0)
            {
                for (var at = 0; at < count; at += HeaderSize + *(int*)(start + at + 12))
                {
                    Dispatch(*(int*)(start + at), *(uint*)(start + at + 4));
                }
            }
        }
    }

    private int Number => (int)_handle.DangerousGetHandle();

    private void Dispatch(int watch, uint mask)
    {
        if ((mask & Overflow) != 0)
        {
            foreach (var all in _callbacks.Values) Call(all);
        }
        else if (_callbacks.TryGetValue(watch, out var callbacks))
        {
            Call(callbacks);
        }
    }

    private static void Call(Action[] callbacks)
    {
        foreach (var callback in callbacks) callback();
    }

    private void Remove(int watch, Action callback)
    {
        lock (_lock)
        {
            if (!_callbacks.TryGetValue(watch, out var present)) return;
            var rest = present.Where(other => !ReferenceEquals(other, callback)).ToArray();
            if (rest.Length > 0)
            {
                _callbacks[watch] = rest;
                return;
            }

            _callbacks.TryRemove(watch, out _);
            if (!_handle.IsClosed) _ = Native.inotify_rm_watch(Number, watch);
        }
    }

    private sealed class Registration(Inotify owner, int watch, Action callback) : IDisposable
    {
        public void Dispose() => owner.Remove(watch, callback);
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int inotify_init1(int flags);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int inotify_add_watch(int inotify, string path, uint mask);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int inotify_rm_watch(int inotify, int watch);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint read(int descriptor, byte* buffer, nuint count);
    }
}
