using System.Globalization;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands.Run;

/// <summary>-p: <c>[[IP:]HOST:]PORT[/PROTOCOL]</c>, each port a number or a range; no host port means any free one.</summary>
internal static class PublishOption
{
    /// <returns>Bindings by <c>80/tcp</c>.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding?>?> Read(IEnumerable<string> options)
    {
        var bindings = new Dictionary<string, List<PortBinding?>>();
        foreach (var option in options)
        {
            foreach (var (port, binding) in ReadOne(option))
            {
                if (!bindings.TryGetValue(port, out var list)) bindings[port] = list = [];
                list.Add(binding);
            }
        }

        return bindings.ToDictionary(pair => pair.Key, IReadOnlyList<PortBinding?>? (pair) => pair.Value);
    }

    private static IEnumerable<(string Port, PortBinding Binding)> ReadOne(string option)
    {
        var slash = option.LastIndexOf('/');
        var protocol = slash < 0 ? "tcp" : option[(slash + 1)..].ToLowerInvariant();
        var (address, host, container) = Split(slash < 0 ? option : option[..slash]);
        if (protocol is not ("tcp" or "udp" or "sctp") || Range(container) is not var (first, last)) throw Invalid(option);

        (int First, int Last)? hostRange = host.Length == 0 ? null : Range(host) ?? throw Invalid(option);
        // One container port may be given a range to choose from; otherwise the two go side by side.
        var choice = hostRange is var (from, to) && first == last && from != to;
        if (!choice && hostRange is var (start, end) && end - start != last - first) throw Invalid(option);

        for (var port = first; port <= last; port++)
        {
            var hostPort = choice ? host : hostRange is var (begin, _) ? Text(begin + port - first) : "";
            yield return ($"{port}/{protocol}", new PortBinding { HostIp = address, HostPort = hostPort });
        }
    }

    private static (string Address, string Host, string Container) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf("]:", StringComparison.Ordinal) is > 0 and var close)
        {
            var rest = Split(text[(close + 2)..]);
            return (text[1..close], rest.Host, rest.Container);
        }

        var parts = text.Split(':');
        return parts.Length switch
        {
            1 => ("", "", parts[0]),
            2 => ("", parts[0], parts[1]),
            3 => (parts[0], parts[1], parts[2]),
            _ => ("", "", ""),
        };
    }

    private static (int First, int Last)? Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Port(dash < 0 ? text : text[..dash]);
        var last = dash < 0 ? first : Port(text[(dash + 1)..]);
        return first <= last && first > 0 ? (first, last) : null;
    }

    private static int Port(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static CliFailure Invalid(string option) =>
        new($"invalid port \"{option}\": want [[IP:]HOST:]PORT[/tcp|udp|sctp] with numbers or ranges of equal length", ExitCodes.EngineFailed);
}
