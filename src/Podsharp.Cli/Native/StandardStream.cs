using System.Runtime.InteropServices;

namespace Podsharp.Cli.Native;

/// <summary>Standard input, output and error byte for byte. The framework's console streams read lines where a terminal is.</summary>
internal static unsafe partial class StandardStream
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Blocks. 0 at the end, and where input cannot be read.</summary>
    public static int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = ReadOnce(Input, start, (nuint)buffer.Length);
                if (count >= 0) return (int)count;
                if (!MayGoOn(Input, 1 /* POLLIN */)) return 0;
            }
        }
    }

    /// <summary>False when nobody reads it any more.</summary>
    public static bool Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = WriteOnce(descriptor, start + done, (nuint)(bytes.Length - done));
                if (count >= 0) done += (int)count;
                else if (!MayGoOn(descriptor, 4 /* POLLOUT */)) return false;
            }
        }

        return true;
    }

    // A shell may have left the terminal non-blocking.
    private static bool MayGoOn(int descriptor, short events)
    {
        switch (Marshal.GetLastPInvokeError())
        {
            case Interrupted: return true;
            case TryAgain:
                var poll = new PollDescriptor { Descriptor = descriptor, Events = events };
                _ = Poll(&poll, 1, -1);
                return true;
            default: return false;
        }
    }

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadOnce(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteOnce(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int timeout);
}
