using System.Net;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Network.Forwarding;

namespace Podsharp.Drivers.Tests.Network.Forwarding;

public sealed class ForwardedPortTests
{
    [TestCase("tcp/127.0.0.1:8080=80")]
    [TestCase("udp/[::]:53=1053")]
    public void Is_read_as_it_was_written(string text) => Assert.That(ForwardedPort.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("")]
    [TestCase("80")]
    [TestCase("sctp/127.0.0.1:8080=80")]
    [TestCase("tcp/127.0.0.1:8080")]
    [TestCase("tcp/here:8080=80")]
    [TestCase("tcp/127.0.0.1:8080=-1")]
    public void Other_text_is_none(string text) => Assert.Throws<FormatException>(() => ForwardedPort.Parse(text));

    [Test]
    public void A_port_of_all_addresses_is_one_of_each_family()
    {
        var ports = ForwardedPort.Of(new PublishedPort(new PortKey(80, "tcp"), "", 8080));

        Assert.That(ports.Select(port => port.ToString()), Is.EqualTo((string[])["tcp/0.0.0.0:8080=80", "tcp/[::]:8080=80"]));
    }

    [Test]
    public void A_port_of_one_address_is_that_one()
    {
        var ports = ForwardedPort.Of(new PublishedPort(new PortKey(53, "udp"), "127.0.0.1", 1053));

        Assert.That(ports, Is.EqualTo((ForwardedPort[])[new ForwardedPort("udp", new IPEndPoint(IPAddress.Loopback, 1053), 53)]));
    }

    [Test]
    public void Sctp_is_refused_by_name()
    {
        var port = new PublishedPort(new PortKey(9, "sctp"), "", 9);

        var refusal = Assert.Throws<EngineException>(() => _ = ForwardedPort.Of(port))!;

        Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.NotSupported));
        Assert.That(refusal.Message, Does.Contain("9/sctp"));
    }
}
