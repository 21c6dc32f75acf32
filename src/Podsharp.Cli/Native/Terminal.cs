using System.Runtime.InteropServices;

namespace Podsharp.Cli.Native;

/// <summary>The terminal on standard input and output.</summary>
internal static unsafe partial class Terminal
{
    private const int SetNow = 0;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    // Larger than any struct termios.
    private const int TermiosRoom = 256;

    public static bool IsOn(int descriptor) => IsATty(descriptor) == 1;

    /// <summary>Rows and columns, or null where there is no terminal or it knows no size.</summary>
    public static (int Height, int Width)? Size()
    {
        var size = stackalloc ushort[4];
        foreach (var descriptor in (ReadOnlySpan<int>)[1, 0, 2])
            if (Control(descriptor, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0) return (size[0], size[1]);
        return null;
    }

    /// <summary>Passes every key on as it is until disposed; null where standard input is no terminal.</summary>
    public static IDisposable? Raw()
    {
        var before = new byte[TermiosRoom];
        fixed (byte* saved = before)
        {
            if (!IsOn(0) || GetAttributes(0, saved) != 0) return null;
        }

        var raw = (byte[])before.Clone();
        fixed (byte* changed = raw)
        {
            MakeRaw(changed);
            if (SetAttributes(0, SetNow, changed) != 0) return null;
        }

        return new Restoration(before);
    }

    private sealed class Restoration(byte[] before) : IDisposable
    {
        public void Dispose()
        {
            fixed (byte* saved = before) _ = SetAttributes(0, SetNow, saved);
        }
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATty(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* termios);
}
