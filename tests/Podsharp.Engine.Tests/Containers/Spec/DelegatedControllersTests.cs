using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class DelegatedControllersTests
{
    private static readonly HostFacts Machine = new FakeHost().Facts;

    private static readonly HostFacts OfUser = Machine with { Rootless = true, CgroupDriver = "systemd", CgroupControllers = ["cpu", "memory", "pids"] };

    private static readonly ResourceLimits OneProcessor = new() { CpusetCpus = "0" };

    [Test]
    public void Limits_of_delegated_controllers_are_taken() =>
        Assert.That(() => DelegatedControllers.Check(new ResourceLimits { Memory = 1 << 24, NanoCpus = 1, PidsLimit = 9 }, OfUser), Throws.Nothing);

    [Test]
    public void A_limit_that_no_delegated_controller_keeps_is_refused_with_the_controller() => Assert.That(
        () => DelegatedControllers.Check(OneProcessor, OfUser),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotSupported).And.Message.Contains("\"cpuset\""));

    [Test]
    public void Without_control_groups_the_refusal_says_what_is_missing() => Assert.That(
        () => DelegatedControllers.Check(new ResourceLimits { Memory = 1 << 24 }, OfUser with { CgroupDriver = "none", CgroupControllers = [] }),
        Throws.TypeOf<EngineException>().With.Message.StartsWith("memory cannot be limited").And.Message.Contains("cgroup v2"));

    [Test]
    public void Root_may_ask_the_runtime_for_any() =>
        Assert.That(() => DelegatedControllers.Check(OneProcessor, Machine with { CgroupControllers = [] }), Throws.Nothing);
}
