using System.Globalization;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Networks;

/// <summary>Which options a driver has and what they may say. What it does not know is refused by name: dropped, it would be missed later.</summary>
internal static class NetworkOptionCheck
{
    public const string Bridge = "bridge", Macvlan = "macvlan", Ipvlan = "ipvlan";

    private static readonly Dictionary<string, string[]> Known = new()
    {
        [Bridge] = ["mtu", "isolate", "metric", "no_default_route", "vrf", "vlan"],
        [Macvlan] = ["mtu", "mode", "metric", "no_default_route", "bclim"],
        [Ipvlan] = ["mtu", "mode", "metric", "no_default_route"],
    };

    private static readonly string[] MacvlanModes = ["bridge", "private", "vepa", "passthru"];
    private static readonly string[] IpvlanModes = ["l2", "l3", "l3s"];

    public static bool IsDriver(string driver) => Known.ContainsKey(driver);

    public static void Check(string driver, IReadOnlyDictionary<string, string> options)
    {
        foreach (var (key, value) in options)
        {
            if (!Known[driver].Contains(key))
                throw EngineException.InvalidInput($"unsupported {driver} network option \"{key}\": want one of {string.Join(", ", Known[driver])}");
            if (Fault(driver, key, value) is { } fault) throw EngineException.InvalidInput(fault);
        }
    }

    private static string? Fault(string driver, string key, string value) => key switch
    {
        "mtu" => IsNumber(value, 68, 65535) ? null : $"invalid MTU number: {value}",
        "vlan" => IsNumber(value, 1, 4094) ? null : $"invalid VLAN id: {value}: want 1 to 4094",
        "metric" or "bclim" => IsNumber(value, 0, int.MaxValue) ? null : $"invalid {key}: {value}: want a number",
        "isolate" => value is "true" or "false" or "strict" ? null : $"invalid isolate: {value}: want true, false or strict",
        "no_default_route" => value is "true" or "false" ? null : $"invalid no_default_route: {value}: want true or false",
        "mode" when driver == Macvlan =>
            MacvlanModes.Contains(value) ? null : $"requested macvlan mode '{value}' is not valid, 'bridge' mode is the macvlan driver default",
        "mode" => IpvlanModes.Contains(value) ? null : $"requested ipvlan mode '{value}' is not valid, 'l2' mode is the ipvlan driver default",
        _ => null,
    };

    private static bool IsNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
}
