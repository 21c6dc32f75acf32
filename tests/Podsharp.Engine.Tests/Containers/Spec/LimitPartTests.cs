using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class LimitPartTests
{
    private static readonly HostFacts Host = new FakeHost().Facts with
    {
        Limits = [new UserLimit("nofile", 1024, 4096)],
        MayRaiseLimits = false,
    };

    [Test]
    public void Clamps_a_default_to_what_may_be_set()
    {
        var options = new EngineOptions { DefaultLimits = [new UserLimit("nofile", 1048576, 1048576)] };

        Assert.That(LimitPart.Build([], options, Host), Is.EqualTo(new[] { new RuntimeRlimit("RLIMIT_NOFILE", 4096, 4096) }));
    }

    [Test]
    public void Refuses_to_clamp_what_was_asked_for() =>
        Assert.That(
            () => LimitPart.Validate([new UserLimit("nofile", 10, 8192)], Host),
            Throws.TypeOf<EngineException>().With.Message.Contains("hard limit of 4096"));

    [Test]
    public void What_was_asked_for_wins_over_the_default()
    {
        var options = new EngineOptions { DefaultLimits = [new UserLimit("nofile", 2048, 2048)] };

        Assert.That(LimitPart.Build([new UserLimit("nofile", 10, 20)], options, Host), Is.EqualTo(new[] { new RuntimeRlimit("RLIMIT_NOFILE", 20, 10) }));
    }

    [TestCase("nofle", 1, 1, "invalid ulimit type")]
    [TestCase("nofile", 20, 10, "soft limit")]
    [TestCase("nofile", -1, 10, "soft limit")]
    public void Refuses_nonsense(string name, long soft, long hard, string text) =>
        Assert.That(() => LimitPart.Validate([new UserLimit(name, soft, hard)], Host), Throws.TypeOf<EngineException>().With.Message.Contains(text));
}
