using System.Globalization;
using System.Net;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;
using Podsharp.Core.Text;

namespace Podsharp.Api.Docker.Networks;

/// <summary>
/// A network's options as Docker's clients write them, in the engine's words. What Docker's driver can and this engine cannot is refused by
/// name; what is neither's goes to the engine, which knows its drivers' options.
/// </summary>
internal sealed class NetworkOptions
{
    public string InterfaceName { get; private set; } = "";

    public string PublishedOn { get; private set; } = "";

    public bool? IPv4 { get; private set; }

    public bool? IPv6 { get; private set; }

    public bool Dns { get; private set; } = true;

    public Dictionary<string, string> OfDriver { get; } = [];

    public static NetworkOptions Read(string driver, IReadOnlyDictionary<string, string>? written)
    {
        var options = new NetworkOptions();
        foreach (var (key, value) in written ?? new Dictionary<string, string>())
        {
            if (!options.TryTake(driver, key, value)) throw Unsupported($"Options.{key}={value}");
        }

        return options;
    }

    public static EngineException Unsupported(string what) => EngineException.NotSupported($"network create: {what} is not supported by this engine");

    private bool TryTake(string driver, string key, string value)
    {
        switch (key)
        {
            case NetworkMapping.Mtu:
                // 0 is the kernel's choice.
                if (Number(key, value) is not 0 and var mtu) OfDriver["mtu"] = mtu.ToString(CultureInfo.InvariantCulture);
                return true;
            case NetworkMapping.Prefix + "enable_ipv4":
                IPv4 = Bool(key, value);
                return true;
            case NetworkMapping.Prefix + "enable_ipv6":
                IPv6 = Bool(key, value);
                return true;
            case NetworkMapping.Prefix + "container_iface_prefix":
                return value is "" or "eth";
            case "podsharp.dns":
                Dns = Bool(key, value);
                return true;
        }

        if (key.StartsWith(NetworkMapping.Prefix, StringComparison.Ordinal))
            return driver == "bridge" && key.StartsWith(NetworkMapping.Bridge, StringComparison.Ordinal) && TryTakeOfBridge(key, key[NetworkMapping.Bridge.Length..], value);
        return driver != "bridge" && TryTakeOfParent(key, value) || TakeOther(key, value);
    }

    private bool TryTakeOfBridge(string key, string name, string value)
    {
        switch (name)
        {
            case "name":
                InterfaceName = value;
                return true;
            case "enable_icc" or "enable_ip_masquerade":
                return Bool(key, value);
            case "inhibit_ipv4" or "default_bridge":
                return !Bool(key, value);
            case "host_binding_ipv4":
                if (!AddressText.TryParse(value, out var address)) throw Bad(key, value, "nil ip");
                PublishedOn = address.Equals(IPAddress.Any) ? "" : address.ToString();
                return true;
            case "gateway_mode_ipv4" or "gateway_mode_ipv6":
                return value is "" or "nat";
            default:
                return false;
        }
    }

    private bool TryTakeOfParent(string key, string value)
    {
        switch (key)
        {
            case "parent":
                InterfaceName = value;
                return true;
            case "macvlan_mode" or "ipvlan_mode":
                return TakeOther("mode", value);
            case "ipvlan_flag":
                return value is "" or "bridge" ? true : throw Unsupported($"Options.{key}={value}");
            default:
                return false;
        }
    }

    private bool TakeOther(string key, string value)
    {
        OfDriver[key] = value;
        return true;
    }

    private static int Number(string key, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad(key, value, $"strconv.Atoi: parsing \"{value}\": invalid syntax");

    private static bool Bool(string key, string value) =>
        GoBoolean.Parse(value) ?? throw Bad(key, value, $"strconv.ParseBool: parsing \"{value}\": invalid syntax");

    private static EngineException Bad(string key, string value, string why) => EngineException.InvalidInput($"failed to parse {key} value: {value} ({why})");
}
