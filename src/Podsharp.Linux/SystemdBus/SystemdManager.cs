using System.Runtime.InteropServices;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.SystemdBus;

/// <summary>org.freedesktop.systemd1.Manager through sd-bus(3).</summary>
/// <param name="user">The user's manager instead of the system's.</param>
public sealed partial class SystemdManager(bool user)
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ObjectPath = "/org/freedesktop/systemd1";
    private const string Interface = "org.freedesktop.systemd1.Manager";
    private const int CallTimeoutSeconds = 25;
    private const int PlaceAttempts = 2000;

    private readonly Lock _lock = new();
    private nint _bus;

    /// <summary>Starts a transient scope that holds one process and returns once the process is in it.</summary>
    public async Task StartScopeAsync(string unit, string slice, string description, int pid)
    {
        var before = await File.ReadAllTextAsync($"/proc/{pid}/cgroup");
        await Task.Run(() => StartTransientUnit(unit, slice, description, (uint)pid));
        // The reply comes when the job is queued; the move is done a moment later.
        for (var i = 0; i < PlaceAttempts; i++)
        {
            if (ProcessStatus.Read(pid) is not { IsDead: false }) return;
            if (await File.ReadAllTextAsync($"/proc/{pid}/cgroup") is var now && now != before && now.Contains(unit, StringComparison.Ordinal)) return;
            await Task.Delay(1);
        }

        throw new IOException($"systemd did not move process {pid} into {unit}");
    }

    private unsafe void StartTransientUnit(string unit, string slice, string description, uint pid)
    {
        lock (_lock)
        {
            var bus = Connect();
            nint message = 0, reply = 0;
            var error = stackalloc byte[64];
            new Span<byte>(error, 64).Clear();
            try
            {
                Check(Native.sd_bus_message_new_method_call(bus, out message, Service, ObjectPath, Interface, "StartTransientUnit"));
                Text(message, 's', unit);
                Text(message, 's', "replace");
                Open(message, 'a', "(sv)");
                Property(message, "Description", "s", () => Text(message, 's', description));
                Property(message, "Slice", "s", () => Text(message, 's', slice));
                Property(message, "CollectMode", "s", () => Text(message, 's', "inactive-or-failed"));
                Property(message, "DefaultDependencies", "b", () => Number(message, 'b', 0));
                Property(message, "PIDs", "au", () =>
                {
                    Open(message, 'a', "u");
                    Number(message, 'u', pid);
                    Close(message);
                });
                Close(message);
                Open(message, 'a', "(sa(sv))");
                Close(message);
                var result = Native.sd_bus_call(bus, message, CallTimeoutSeconds * 1_000_000UL, error, out reply);
                if (result < 0)
                {
                    var text = Marshal.PtrToStringUTF8(((nint*)error)[1]) ?? Marshal.GetPInvokeErrorMessage(-result);
                    Disconnect();
                    throw new IOException($"systemd does not start {unit}: {text}");
                }
            }
            finally
            {
                Native.sd_bus_error_free(error);
                if (message != 0) Native.sd_bus_message_unref(message);
                if (reply != 0) Native.sd_bus_message_unref(reply);
            }
        }
    }

    private nint Connect()
    {
        if (_bus != 0 && Native.sd_bus_is_open(_bus) > 0) return _bus;
        Disconnect();
        Check(user ? Native.sd_bus_open_user(out _bus) : Native.sd_bus_open_system(out _bus));
        return _bus;
    }

    private void Disconnect()
    {
        if (_bus != 0) Native.sd_bus_flush_close_unref(_bus);
        _bus = 0;
    }

    private static void Property(nint message, string name, string signature, Action value)
    {
        Open(message, 'r', "sv");
        Text(message, 's', name);
        Open(message, 'v', signature);
        value();
        Close(message);
        Close(message);
    }

    private static void Open(nint message, char type, string contents) =>
        Check(Native.sd_bus_message_open_container(message, (byte)type, contents));

    private static void Close(nint message) => Check(Native.sd_bus_message_close_container(message));

    private static unsafe void Text(nint message, char type, string value)
    {
        var text = Marshal.StringToCoTaskMemUTF8(value);
        try
        {
            Check(Native.sd_bus_message_append_basic(message, (byte)type, (void*)text));
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    private static unsafe void Number(nint message, char type, uint value) =>
        Check(Native.sd_bus_message_append_basic(message, (byte)type, &value));

    private static void Check(int result)
    {
        if (result < 0) throw new SystemCallException("sd-bus", -result);
    }

    private static unsafe partial class Native
    {
        private const string Library = "libsystemd.so.0";

        [LibraryImport(Library)]
        public static partial int sd_bus_open_system(out nint bus);

        [LibraryImport(Library)]
        public static partial int sd_bus_open_user(out nint bus);

        [LibraryImport(Library)]
        public static partial int sd_bus_is_open(nint bus);

        [LibraryImport(Library)]
        public static partial nint sd_bus_flush_close_unref(nint bus);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_bus_message_new_method_call(
            nint bus, out nint message, string destination, string path, string interfaceName, string member);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_bus_message_open_container(nint message, byte type, string contents);

        [LibraryImport(Library)]
        public static partial int sd_bus_message_close_container(nint message);

        [LibraryImport(Library)]
        public static partial int sd_bus_message_append_basic(nint message, byte type, void* value);

        [LibraryImport(Library)]
        public static partial int sd_bus_call(nint bus, nint message, ulong microseconds, byte* error, out nint reply);

        [LibraryImport(Library)]
        public static partial void sd_bus_error_free(byte* error);

        [LibraryImport(Library)]
        public static partial nint sd_bus_message_unref(nint message);
    }
}
