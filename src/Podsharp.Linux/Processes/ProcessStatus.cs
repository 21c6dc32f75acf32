using System.Buffers.Text;

namespace Podsharp.Linux.Processes;

/// <summary>proc_pid_stat(5), the two facts that tell whether a pid is still who it was.</summary>
/// <param name="State">R, S, D, Z, X …</param>
/// <param name="StartTime">Clock ticks since boot.</param>
public readonly record struct ProcessStatus(char State, long StartTime)
{
    public bool IsDead => State is 'Z' or 'X';

    /// <summary>Null when there is no such process.</summary>
    public static ProcessStatus? Read(int pid)
    {
        if (pid <= 0) return null;
        Span<byte> buffer = stackalloc byte[1024];
        try
        {
            using var file = File.OpenHandle($"/proc/{pid}/stat");
            return Parse(buffer[..RandomAccess.Read(file, buffer, 0)]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static ProcessStatus? Parse(ReadOnlySpan<byte> text)
    {
        // The second field, the command in parentheses, may hold anything, spaces and parentheses too.
        var fields = text[(text.LastIndexOf((byte)')') + 1)..];
        var state = '\0';
        var index = 2;
        foreach (var range in fields.Split((byte)' '))
        {
            var field = fields[range];
            if (field.IsEmpty) continue;
            index++;
            if (index == 3) state = (char)field[0];
            if (index == 22) return Utf8Parser.TryParse(field, out long start, out _) ? new ProcessStatus(state, start) : null;
        }

        return null;
    }
}
