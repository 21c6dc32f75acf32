using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Core.Tests.Containers;

public sealed class PortKeyTests
{
    [TestCase("80", "80/tcp")]
    [TestCase("80/", "80/tcp")]
    [TestCase("80/tcp", "80/tcp")]
    [TestCase("53/UDP", "53/udp")]
    [TestCase("65535/sctp", "65535/sctp")]
    public void Reads_a_port(string text, string normal) => Assert.That(PortKey.Parse(text).ToString(), Is.EqualTo(normal));

    [TestCase("")]
    [TestCase("/tcp")]
    [TestCase("0")]
    [TestCase("65536")]
    [TestCase("-1")]
    [TestCase(" 80")]
    [TestCase("80/icmp")]
    [TestCase("80/tcp/udp")]
    [TestCase("http")]
    [TestCase("80-81")]
    public void Refuses_what_is_no_port(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => PortKey.Parse(text))?.Message, Does.Contain($"\"{text}\""));

    [Test]
    public void A_range_gives_each_of_its_ports() =>
        Assert.That(
            PortKey.ParseRange("65533-65535/udp").Select(port => port.ToString()), Is.EqualTo(["65533/udp", "65534/udp", "65535/udp"]));

    [Test]
    public void One_port_is_a_range_too() => Assert.That(PortKey.ParseRange("80"), Is.EqualTo([new PortKey(80, "tcp")]));

    [TestCase("81-80")]
    [TestCase("80-")]
    [TestCase("-80")]
    [TestCase("80-90-100")]
    public void Refuses_a_broken_range(string text) => Assert.Throws<EngineException>(() => PortKey.ParseRange(text));
}
