using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Engine.Images.Changes;

/// <summary>Reads <c>HEALTHCHECK NONE</c> and <c>HEALTHCHECK [--interval=D …] CMD command</c>.</summary>
internal static class HealthCheckLine
{
    public static HealthCheck Parse(string rest)
    {
        var check = new HealthCheck([], null, null, null, null, null);
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            var (option, after) = Cut(rest);
            check = WithOption(check, option);
            rest = after;
        }

        var (kind, command) = Cut(rest);
        return kind.ToUpperInvariant() switch
        {
            "NONE" when command.Length == 0 => check with { Test = ["NONE"] },
            "CMD" when command.Length > 0 => check with { Test = TestOf(command) },
            "CMD" => throw EngineException.InvalidInput("missing command after HEALTHCHECK CMD"),
            "NONE" => throw EngineException.InvalidInput("HEALTHCHECK NONE takes no arguments"),
            "" => throw EngineException.InvalidInput("HEALTHCHECK requires at least one argument"),
            _ => throw EngineException.InvalidInput($"unknown type \"{kind}\" in HEALTHCHECK (want CMD or NONE)"),
        };
    }

    private static IReadOnlyList<string> TestOf(string command) =>
        Words.TryJsonForm(command) is { } words ? ["CMD", .. words] : ["CMD-SHELL", command];

    private static HealthCheck WithOption(HealthCheck check, string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? option : option[..equals];
        var value = equals < 0 ? "" : option[(equals + 1)..];
        return name switch
        {
            "--interval" => check with { Interval = Duration(name, value) },
            "--timeout" => check with { Timeout = Duration(name, value) },
            "--start-period" => check with { StartPeriod = Duration(name, value) },
            "--start-interval" => check with { StartInterval = Duration(name, value) },
            "--retries" => check with { Retries = Retries(value) },
            _ => throw EngineException.InvalidInput($"unknown flag {name} in HEALTHCHECK"),
        };
    }

    // Below a millisecond a check would do nothing but check; zero means the default.
    private static TimeSpan Duration(string name, string value) =>
        DurationText.TryParse(value, out var duration) && (duration == TimeSpan.Zero || duration >= TimeSpan.FromMilliseconds(1))
            ? duration
            : throw EngineException.InvalidInput($"invalid HEALTHCHECK {name}=\"{value}\": want a duration of at least 1ms, such as 30s");

    private static int Retries(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var retries)
            ? retries
            : throw EngineException.InvalidInput($"invalid HEALTHCHECK --retries=\"{value}\": want a number of at least 0");

    private static (string Head, string Tail) Cut(string text)
    {
        var space = text.AsSpan().IndexOfAny(' ', '\t');
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..].TrimStart());
    }
}
