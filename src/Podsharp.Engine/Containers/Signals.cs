using System.Collections.Frozen;
using System.Globalization;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers;

/// <summary>Signal names and numbers of Linux (signal(7), x86 and ARM).</summary>
public static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private static readonly FrozenDictionary<string, int> Numbers = Names
        .Select((name, number) => (name, number))
        .Where(pair => pair.number > 0)
        .Concat([("IOT", 6), ("POLL", 29), ("CLD", 17), ("UNUSED", 31), ("RTMIN", FirstRealTime), ("RTMAX", LastRealTime)])
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads KILL, SIGKILL, 9, RTMIN+3, RTMAX-1 in any case.</summary>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number is > 0 and <= LastRealTime ? number : throw Invalid(text);
        var name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (Numbers.TryGetValue(name, out var known)) return known;
        var sign = name.IndexOfAny(['+', '-']);
        if (sign > 0
            && Numbers.TryGetValue(name[..sign], out var start)
            && int.TryParse(name.AsSpan(sign), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset)
            && start + offset is >= FirstRealTime and <= LastRealTime)
            return start + offset;
        throw Invalid(text);
    }

    /// <summary>SIGTERM for 15; the number as text where it has no name.</summary>
    public static string NameOf(int signal) =>
        signal > 0 && signal < Names.Length ? "SIG" + Names[signal] : signal.ToString(CultureInfo.InvariantCulture);

    private static EngineException Invalid(string text) => EngineException.InvalidInput($"invalid signal: {text}");
}
