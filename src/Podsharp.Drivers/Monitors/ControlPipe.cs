using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Containers;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux;

namespace Podsharp.Drivers.Monitors;

/// <summary>conmon's ctl fifo: "type height width" lines.</summary>
internal static partial class ControlPipe
{
    private const int Resize = 1;
    private const int ReopenLog = 2;
    private const int WriteOnly = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    public static Task ResizeAsync(Bundle bundle, TerminalSize size, CancellationToken cancellationToken) =>
        WriteAsync(bundle, Resize, size.Height, size.Width, cancellationToken);

    public static Task ReopenLogAsync(Bundle bundle, CancellationToken cancellationToken) =>
        WriteAsync(bundle, ReopenLog, 0, 0, cancellationToken);

    private static async Task WriteAsync(Bundle bundle, int type, int height, int width, CancellationToken cancellationToken)
    {
        var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {height} {width}\n"));
        // conmon holds the reading end for all its life: nobody there means that it is about to be, or has ended.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (TryWrite(bundle.ControlPipe, line)) return;
            await Task.Delay(10, cancellationToken);
        }
    }

    private static bool TryWrite(string path, byte[] line)
    {
        var descriptor = Native.open(path, WriteOnly | NonBlocking | CloseOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is ErrorNumber.NoDeviceOrAddress or ErrorNumber.Interrupted ? false
                : error is ErrorNumber.NoEntry ? true
                : throw new SystemCallException($"open {path}", error);
        }

        using var pipe = new SafeFileHandle(descriptor, ownsHandle: true);
        return Native.write(pipe, line, line.Length) == line.Length;
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int open(string path, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint write(SafeFileHandle descriptor, byte[] data, nint count);
    }
}
