using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Podsharp.Linux.Self;

/// <summary>The machine code of this program, which the kernel has mapped from its file.</summary>
public static partial class ProgramText
{
    private const int NotNeeded = 4;

    /// <summary>
    /// Lets go of the pages that are resident now: the code of the start, and what the kernel mapped around it, is most of them. What is needed again
    /// comes from the page cache (madvise(2), MADV_DONTNEED: of a mapping that nobody has written to, nothing is lost). No error when it cannot be done.
    /// </summary>
    /// <returns>Bytes of the mappings.</returns>
    public static long Release()
    {
        if (Environment.ProcessPath is not { } program) return 0;
        var bytes = 0L;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // 55d0c0a00000-55d0c1800000 r-xp 00f00000 08:01 1234   /path
            if (!line.Contains(" r-xp ", StringComparison.Ordinal) || !line.EndsWith(program, StringComparison.Ordinal)) continue;
            if (!TryParse(Encoding.ASCII.GetBytes(line), out var start, out var end)) continue;
            if (madvise((nint)start, (nint)(end - start), NotNeeded) == 0) bytes += end - start;
        }

        return bytes;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out long start, out long end)
    {
        end = 0;
        return Utf8Parser.TryParse(line, out start, out var consumed, 'x') && Utf8Parser.TryParse(line[(consumed + 1)..], out end, out _, 'x');
    }

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nint length, int advice);
}
