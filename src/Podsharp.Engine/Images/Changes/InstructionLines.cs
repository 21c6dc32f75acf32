namespace Podsharp.Engine.Images.Changes;

/// <summary>An instruction's name, in capitals, and the rest of its line as written.</summary>
internal readonly record struct Instruction(string Name, string Rest);

/// <summary>Cuts text into instructions: blank lines and comments dropped, lines that end in a backslash joined with the next.</summary>
internal static class InstructionLines
{
    public static IEnumerable<Instruction> Read(string text)
    {
        var joined = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.TrimStart() is ['#', ..] || (joined.Length > 0 && line.Trim().Length == 0)) continue;
            if (line.EndsWith('\\'))
            {
                joined += line[..^1];
                continue;
            }

            if (TryCut(joined + line, out var instruction)) yield return instruction;
            joined = "";
        }

        if (TryCut(joined, out var last)) yield return last;
    }

    private static bool TryCut(string line, out Instruction instruction)
    {
        line = line.Trim();
        var space = line.AsSpan().IndexOfAny(' ', '\t');
        instruction = space < 0
            ? new Instruction(line.ToUpperInvariant(), "")
            : new Instruction(line[..space].ToUpperInvariant(), line[(space + 1)..].Trim());
        return line.Length > 0;
    }
}
