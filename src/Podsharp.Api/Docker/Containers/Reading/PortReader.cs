using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;
using Podsharp.Wire.Docker.Containers;
using PortBinding = Podsharp.Core.Containers.PortBinding;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static class PortReader
{
    public static (IReadOnlyList<PortKey> Exposed, IReadOnlyList<PortBinding> Bindings) Read(
        IReadOnlyDictionary<string, EmptyObject?>? exposed,
        IReadOnlyDictionary<string, IReadOnlyList<Wire.Docker.Containers.PortBinding?>?>? bindings)
    {
        var ports = new List<PortKey>();
        var published = new List<PortBinding>();
        foreach (var text in (exposed ?? new Dictionary<string, EmptyObject?>()).Keys) ports.AddRange(PortKey.ParseRange(text));
        foreach (var (text, list) in bindings ?? new Dictionary<string, IReadOnlyList<Wire.Docker.Containers.PortBinding?>?>())
        {
            var keys = PortKey.ParseRange(text);
            ports.AddRange(keys);
            foreach (var binding in (list ?? []).OfType<Wire.Docker.Containers.PortBinding>())
                published.AddRange(Publish(text, keys, binding));
        }

        return ([.. ports.Distinct()], published);
    }

    private static IEnumerable<PortBinding> Publish(string text, IReadOnlyList<PortKey> keys, Wire.Docker.Containers.PortBinding binding)
    {
        if (binding.HostIp.Length > 0 && !AddressText.TryParse(binding.HostIp, out _))
            throw EngineException.InvalidInput($"invalid HostIp \"{binding.HostIp}\" for port {text}: it is not an IP address");
        var (first, last) = HostPorts(binding.HostPort);
        if (keys.Count == 1) return [new PortBinding(keys[0], binding.HostIp, binding.HostPort)];

        // A range of container ports goes to as many host ports, in order.
        if (first != 0 && last - first + 1 != keys.Count)
            throw EngineException.InvalidInput($"invalid port specification: \"{text}\" and host ports \"{binding.HostPort}\" are of different length");
        return keys.Select((key, index) =>
            new PortBinding(key, binding.HostIp, first == 0 ? "" : (first + index).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>"", "0": any; "8080"; "8000-8010".</summary>
    private static (int First, int Last) HostPorts(string text)
    {
        if (text.Length == 0) return (0, 0);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) return (Number(text, text), Number(text, text));
        var (first, last) = (Number(text[..dash], text), Number(text[(dash + 1)..], text));
        return first <= last && first > 0 ? (first, last) : throw Invalid(text);
    }

    private static int Number(string text, string whole) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(whole);

    private static EngineException Invalid(string text) => EngineException.InvalidInput($"invalid port specification: \"{text}\"");
}
