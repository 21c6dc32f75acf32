using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class CapabilityPartTests
{
    private static readonly EngineOptions Options = new() { DefaultCapabilities = ["CAP_CHOWN", "CAP_KILL"] };
    private static readonly HostFacts Host = new FakeHost().Facts with
    {
        Capabilities = ["CAP_CHOWN", "CAP_KILL", "CAP_NET_ADMIN", "CAP_SYS_ADMIN", "CAP_SETUID"],
    };

    private static IReadOnlyList<string> Granted(SecuritySpec security) => CapabilityPart.Granted(security, Options, Host);

    [Test]
    public void Gives_the_defaults() => Assert.That(Granted(new SecuritySpec()), Is.EqualTo(new[] { "CAP_CHOWN", "CAP_KILL" }));

    [Test]
    public void Adds_and_drops_by_name_with_and_without_prefix() =>
        Assert.That(
            Granted(new SecuritySpec { AddCapabilities = ["net_admin"], DropCapabilities = ["CAP_KILL"] }),
            Is.EqualTo(new[] { "CAP_CHOWN", "CAP_NET_ADMIN" }));

    [Test]
    public void Drops_all_and_adds_one() =>
        Assert.That(Granted(new SecuritySpec { AddCapabilities = ["KILL"], DropCapabilities = ["ALL"] }), Is.EqualTo(new[] { "CAP_KILL" }));

    [Test]
    public void Privileged_has_all_that_the_service_has() =>
        Assert.That(Granted(new SecuritySpec { Privileged = true }), Is.EquivalentTo(Host.Capabilities));

    [Test]
    public void An_ordinary_user_keeps_only_what_was_added()
    {
        var sets = CapabilityPart.Build(new SecuritySpec { AddCapabilities = ["NET_ADMIN"] }, Options, Host, userId: 1000);

        Assert.That(sets.Bounding, Has.Count.EqualTo(3));
        Assert.That(sets.Effective, Is.EqualTo(new[] { "CAP_NET_ADMIN" }));
        Assert.That(sets.Ambient, Is.EqualTo(new[] { "CAP_NET_ADMIN" }));
    }

    [TestCase("NOPE", "unknown capability: \"CAP_NOPE\"")]
    [TestCase("SYS_TIME", "does not hold it")]
    public void Refuses_what_is_unknown_or_cannot_be_given(string name, string text) =>
        Assert.That(
            () => CapabilityPart.Validate(new SecuritySpec { AddCapabilities = [name] }, Host),
            Throws.TypeOf<EngineException>().With.Message.Contains(text));
}
