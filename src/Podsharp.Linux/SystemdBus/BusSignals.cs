using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Podsharp.Linux.SystemdBus;

/// <summary>Signals of the system's bus through sd-bus(3).</summary>
public static partial class BusSignals
{
    private const int Interrupted = 4;

    /// <summary>
    /// Calls <paramref name="heard"/> for each signal that one of the match rules (as the D-Bus specification writes them) lets through, until the bus goes away: blocks for
    /// so long, on the bus alone, so give it a background thread. <see cref="SystemCallException"/> without a bus.
    /// </summary>
    public static unsafe void Listen(IReadOnlyList<string> rules, Action heard)
    {
        Check(Native.sd_bus_open_system(out var bus));
        var handle = GCHandle.Alloc(heard);
        try
        {
            foreach (var rule in rules) Check(Native.sd_bus_add_match(bus, 0, rule, &OnSignal, GCHandle.ToIntPtr(handle)));
            while (true)
            {
                var processed = Native.sd_bus_process(bus, 0);
                if (processed == 0) processed = Native.sd_bus_wait(bus, ulong.MaxValue);
                if (processed < 0 && processed != -Interrupted) return;
            }
        }
        finally
        {
            Native.sd_bus_flush_close_unref(bus);
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSignal(nint message, nint heard, nint error)
    {
        ((Action)GCHandle.FromIntPtr(heard).Target!)();
        return 0;
    }

    private static void Check(int result)
    {
        if (result < 0) throw new SystemCallException("sd-bus", -result);
    }

    private static unsafe partial class Native
    {
        private const string Library = "libsystemd.so.0";

        [LibraryImport(Library)]
        public static partial int sd_bus_open_system(out nint bus);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_bus_add_match(nint bus, nint slot, string match, delegate* unmanaged[Cdecl]<nint, nint, nint, int> callback, nint data);

        [LibraryImport(Library)]
        public static partial int sd_bus_process(nint bus, nint message);

        [LibraryImport(Library)]
        public static partial int sd_bus_wait(nint bus, ulong microseconds);

        [LibraryImport(Library)]
        public static partial nint sd_bus_flush_close_unref(nint bus);
    }
}
