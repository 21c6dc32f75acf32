using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Polling;

/// <summary>
/// A pipe, tty or packet socket for asynchronous use. Several descriptors may share one signal, so that one reader waits for all of them.
/// Edge-triggered: registered once, and a wait follows only after a call that would have blocked.
/// </summary>
public sealed unsafe partial class PolledDescriptor : IPollHandler, IDisposable
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const int NoSignal = 0x4000;
    private const int ShutWrite = 1;

    private readonly SafeFileHandle _handle;
    private readonly AsyncSignal? _readable;
    private readonly AsyncSignal? _writable;
    private readonly Action? _arrived;
    private readonly long _key;

    /// <param name="handle">Owned from now on.</param>
    /// <param name="arrived">Called on the poll thread when there is something to read: must not block and must not throw.</param>
    public PolledDescriptor(SafeFileHandle handle, AsyncSignal? readable, AsyncSignal? writable, Action? arrived = null)
    {
        _handle = handle;
        _readable = readable;
        _writable = writable;
        _arrived = arrived;
        var descriptor = Number;
        if (Native.fcntl(descriptor, SetFlags, Native.fcntl(descriptor, GetFlags, 0) | NonBlocking) < 0) throw SystemCallException.Last("fcntl");
        var events = PollThread.EdgeTriggered;
        if (readable is not null) events |= PollThread.In | PollThread.ReadHangUp;
        if (writable is not null) events |= PollThread.Out;
        _key = PollThread.Shared.Register(descriptor, events, this);
    }

    public int Number => (int)_handle.DangerousGetHandle();

    /// <summary>
    /// Bytes read, 0 at the end; null when there is nothing now. EIO (a tty whose last user is gone) and a reset connection are the end.
    /// <see cref="ObjectDisposedException"/> when it has been disposed meanwhile: a waiting reader is woken by that.
    /// </summary>
    public int? TryRead(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Outcome(Native.read(_handle, start, (nuint)buffer.Length), "read");
        }
    }

    /// <summary>As <see cref="TryRead(Span{byte})"/>, for one packet whose first byte goes to <paramref name="first"/>; the count includes it.</summary>
    public int? TryRead(out byte first, Span<byte> rest)
    {
        byte head = 0;
        int? outcome;
        fixed (byte* start = rest)
        {
            var vectors = stackalloc nint[4] { (nint)(&head), 1, (nint)start, rest.Length };
            outcome = Outcome(Native.readv(_handle, vectors, 2), "read");
        }

        first = head;
        return outcome;
    }

    /// <summary>Bytes written; null when none can be now; −1 when nobody reads any more.</summary>
    public int? TryWrite(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            return WriteOutcome(Native.write(_handle, start, (nuint)data.Length));
        }
    }

    /// <summary>As <see cref="TryWrite"/>, for a socket.</summary>
    public int? TrySend(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            return WriteOutcome(Native.send(_handle, start, (nuint)data.Length, NoSignal));
        }
    }

    /// <summary>Ends a socket's output.</summary>
    public void ShutDownOutput() => _ = Native.shutdown(_handle, ShutWrite);

    public void Dispose()
    {
        if (_handle.IsClosed) return;
        PollThread.Shared.Remove(Number, _key);
        _handle.Dispose();
        _readable?.Set();
        _writable?.Set();
    }

    void IPollHandler.Ready(uint events)
    {
        const uint ended = PollThread.Error | PollThread.HangUp;
        if ((events & (PollThread.In | PollThread.ReadHangUp | ended)) != 0)
        {
            _arrived?.Invoke();
            _readable?.Set();
        }

        if ((events & (PollThread.Out | ended)) != 0) _writable?.Set();
    }

    private static int? Outcome(nint result, string call)
    {
        if (result >= 0) return (int)result;
        return Marshal.GetLastPInvokeError() switch
        {
            ErrorNumber.Again or ErrorNumber.Interrupted => null,
            ErrorNumber.InputOutput or ErrorNumber.ConnectionReset => 0,
            var error => throw new SystemCallException(call, error),
        };
    }

    private static int? WriteOutcome(nint result)
    {
        if (result >= 0) return (int)result;
        return Marshal.GetLastPInvokeError() switch
        {
            ErrorNumber.Again or ErrorNumber.Interrupted => null,
            ErrorNumber.BrokenPipe or ErrorNumber.ConnectionReset or ErrorNumber.NotConnected or ErrorNumber.InputOutput => -1,
            var error => throw new SystemCallException("write", error),
        };
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial nint read(SafeFileHandle descriptor, byte* buffer, nuint count);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint readv(SafeFileHandle descriptor, nint* vectors, int count);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint write(SafeFileHandle descriptor, byte* buffer, nuint count);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint send(SafeFileHandle descriptor, byte* buffer, nuint count, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int shutdown(SafeFileHandle descriptor, int how);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fcntl(int descriptor, int command, int argument);
    }
}
