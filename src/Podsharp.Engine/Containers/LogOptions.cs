using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

/// <summary>The options of a container's log: what each means, and which there are.</summary>
internal static class LogOptions
{
    /// <summary>Files to keep of a log that begins anew at its size limit; at least 1.</summary>
    public static int Files(LogSpec log) =>
        log.Options.TryGetValue("max-file", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? Math.Max(1, files) : 1;

    /// <summary>Whether older files are kept compressed.</summary>
    public static bool Compress(LogSpec log) => log.Options.TryGetValue("compress", out var text) && GoBoolean.Parse(text) == true;

    /// <summary>InvalidInput names the option that is unknown, wrong or cannot be honoured.</summary>
    public static void Check(LogSpec log, string driver)
    {
        if (driver == "none") return;
        foreach (var (key, value) in log.Options)
        {
            if (!IsKnown(key, driver)) throw EngineException.InvalidInput($"unknown log opt '{key}' for {driver} log driver");
            if (driver == "journald" && (key is "labels" or "labels-regex" or "env" or "env-regex"))
                throw EngineException.InvalidInput($"log opt '{key}' is not supported by the journald log driver: its entries have the fields that conmon gives them; use tag");
            CheckValue(key, value);
        }

        if (Compress(log) && Files(log) < 2)
            throw EngineException.InvalidInput("compress cannot be true when max-file is less than 2: only older files are compressed");

        // Without effect: conmon writes as output comes, into the page cache or the journal's socket, and waits for nobody who reads.
        if (log.Options.ContainsKey("max-buffer-size") && log.Options.GetValueOrDefault("mode") != "non-blocking")
            throw EngineException.InvalidInput("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
    }

    private static bool IsKnown(string key, string driver) => key is "mode" or "max-buffer-size" or "labels" or "labels-regex" or "env" or "env-regex" or "tag"
        || (driver != "journald" && (key is "max-size" or "max-file" or "compress"));

    /// <summary>Names of labels or variables, found in linear time; InvalidInput names the option.</summary>
    public static Regex Pattern(string key, string value)
    {
        try
        {
            return new Regex(value, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw EngineException.InvalidInput($"invalid value for {key}: \"{value}\": not a regular expression");
        }
    }

    private static void CheckValue(string key, string value)
    {
        switch (key)
        {
            case "max-size":
                LogSize.Parse(value, key);
                break;
            case "max-file" when !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) || files < 1:
                throw EngineException.InvalidInput($"invalid value for max-file: \"{value}\": want a number of files, at least 1");
            case "compress" when GoBoolean.Parse(value) is null:
                throw EngineException.InvalidInput($"invalid value for compress: \"{value}\": want true or false");
            case "mode" when value is not ("" or "blocking" or "non-blocking"):
                throw EngineException.InvalidInput($"logger: logging mode not supported: {value}");
            case "max-buffer-size":
                LogSize.Parse(value, key);
                break;
            case "labels-regex" or "env-regex":
                Pattern(key, value);
                break;
            case "tag":
                LogTag.Check(value);
                break;
        }
    }
}
