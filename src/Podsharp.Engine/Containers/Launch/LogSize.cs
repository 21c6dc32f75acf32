using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>The sizes among a log's options: 10m, 512k, 1g, bytes.</summary>
internal static class LogSize
{
    public static long Of(LogSpec log) => log.Options.TryGetValue("max-size", out var text) ? Parse(text, "max-size") : 0;

    public static long Parse(string text, string option)
    {
        var lower = text.ToLowerInvariant().TrimEnd('b');
        if (lower.Length == 0) throw Invalid(text, option);
        var shift = lower[^1] switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift == 0 ? lower : lower[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= long.MaxValue >> shift
            ? value << shift
            : throw Invalid(text, option);
    }

    private static EngineException Invalid(string text, string option) => EngineException.InvalidInput($"invalid value for {option}: \"{text}\": want a size such as 10m");
}
