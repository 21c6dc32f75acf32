using System.Globalization;
using System.Net;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Errors;

namespace Podsharp.Drivers.Network.Forwarding;

/// <summary>A port of the host whose traffic goes to a port of a container; as text "tcp/127.0.0.1:8080=80".</summary>
/// <param name="Protocol">tcp or udp.</param>
internal sealed record ForwardedPort(string Protocol, IPEndPoint Host, ushort Container)
{
    /// <summary>One for each address that a published port is meant for. NotSupported for other protocols.</summary>
    public static IEnumerable<ForwardedPort> Of(PublishedPort port)
    {
        if (port.Container.Protocol is not ("tcp" or "udp"))
            throw EngineException.NotSupported($"port {port.Container}: a service of an ordinary user publishes tcp and udp ports only");
        IPAddress[] addresses = port.HostIp.Length == 0 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Parse(port.HostIp)];
        return addresses.Select(address => new ForwardedPort(port.Container.Protocol, new IPEndPoint(address, port.HostPort), port.Container.Port));
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static ForwardedPort Parse(string text)
    {
        var (slash, equals) = (text.IndexOf('/', StringComparison.Ordinal), text.LastIndexOf('=', text.Length - 1));
        if (slash < 0 || equals < slash) throw new FormatException($"{text} is no port to forward");
        var protocol = text[..slash] is "tcp" or "udp" ? text[..slash] : throw new FormatException($"{text}: want tcp or udp");
        return new ForwardedPort(protocol, IPEndPoint.Parse(text[(slash + 1)..equals]), ushort.Parse(text[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Protocol}/{Host}={Container}");
}
