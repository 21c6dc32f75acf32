using NUnit.Framework;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Tests.Connection;

[TestFixture]
public sealed class EngineAddressTests
{
    [Test]
    public void Is_the_option_before_the_environment()
    {
        var address = Choose("unix:///option.sock", isRoot: true, ("PODSHARP_HOST", "unix:///podsharp.sock"), ("DOCKER_HOST", "unix:///docker.sock"));

        Assert.That(address, Is.EqualTo(new EngineAddress("/option.sock", IsDefault: false)));
    }

    [Test]
    public void Is_our_own_variable_before_that_of_others()
    {
        var address = Choose(null, isRoot: true, ("PODSHARP_HOST", "unix:///podsharp.sock"), ("DOCKER_HOST", "unix:///docker.sock"));

        Assert.That(address.SocketPath, Is.EqualTo("/podsharp.sock"));
    }

    [Test]
    public void Is_the_systems_engine_for_root()
    {
        Assert.That(Choose(null, isRoot: true), Is.EqualTo(new EngineAddress("/run/podsharp/podsharp.sock", IsDefault: true)));
    }

    [Test]
    public void Is_the_users_own_engine_for_others()
    {
        var address = Choose(null, isRoot: false, ("XDG_RUNTIME_DIR", "/run/user/1000"));

        Assert.That(address, Is.EqualTo(new EngineAddress("/run/user/1000/podsharp/podsharp.sock", IsDefault: true)));
    }

    [Test]
    public void Says_what_is_missing_without_a_session()
    {
        Assert.That(() => Choose(null, isRoot: false), Throws.TypeOf<CliFailure>().With.Message.Contains("XDG_RUNTIME_DIR"));
    }

    [TestCase("tcp://localhost:2375")]
    [TestCase("unix://")]
    [TestCase("/run/podsharp.sock")]
    public void Refuses_what_it_cannot_connect_to(string url)
    {
        Assert.That(() => Choose(url, isRoot: true), Throws.TypeOf<CliFailure>().With.Message.Contains(url));
    }

    private static EngineAddress Choose(string? url, bool isRoot, params (string Name, string Value)[] variables) =>
        EngineAddress.Choose(url, name => variables.FirstOrDefault(variable => variable.Name == name).Value, isRoot);
}
