using NUnit.Framework;
using Podsharp.Cli.Commands.Run;

namespace Podsharp.Cli.Tests.Commands.Run;

[TestFixture]
public sealed class PublishOptionTests
{
    [TestCase("80", "80/tcp=:")]
    [TestCase("8080:80", "80/tcp=:8080")]
    [TestCase("8080:80/udp", "80/udp=:8080")]
    [TestCase("127.0.0.1:8080:80", "80/tcp=127.0.0.1:8080")]
    [TestCase("127.0.0.1::80", "80/tcp=127.0.0.1:")]
    [TestCase("[::1]:8080:80", "80/tcp=::1:8080")]
    [TestCase("8000-8001:80-81", "80/tcp=:8000 81/tcp=:8001")]
    [TestCase("8000-8009:80", "80/tcp=:8000-8009")]
    public void Reads_a_binding(string option, string expected)
    {
        var bindings = PublishOption.Read([option]);

        Assert.That(
            string.Join(' ', bindings.Select(pair => $"{pair.Key}={pair.Value![0]!.HostIp}:{pair.Value[0]!.HostPort}")), Is.EqualTo(expected));
    }

    [Test]
    public void Keeps_two_bindings_of_one_port()
    {
        Assert.That(PublishOption.Read(["1:80", "2:80"])["80/tcp"], Has.Count.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("http")]
    [TestCase("0")]
    [TestCase("80:65536")]
    [TestCase("90-80:90-80")]
    [TestCase("8000-8002:80-81")]
    [TestCase("80/icmp")]
    [TestCase("a:b:c:d")]
    public void Refuses_what_is_no_port(string option)
    {
        var failure = Assert.Throws<CliFailure>(() => PublishOption.Read([option]));

        Assert.That(failure!.ExitCode, Is.EqualTo(125));
    }
}
