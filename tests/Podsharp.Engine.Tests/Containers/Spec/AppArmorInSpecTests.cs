using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Engine.Execs;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class AppArmorInSpecTests
{
    private static readonly Container Confined = Samples.Container("c", Samples.Image("image")) is var container
        ? container with { State = container.State with { AppArmorProfile = "ours" } }
        : null!;

    [TestCase("ours", "ours")]
    [TestCase("", null)]
    public void The_runtime_is_told_the_profile_that_was_chosen(string chosen, string? told)
    {
        var context = new LaunchContext
        {
            Container = Confined,
            Host = new FakeHost().Facts,
            Options = new EngineOptions(),
            RootFs = "/root",
            User = new UserIdentity(0, 0, [], "/root"),
            AppArmorProfile = chosen,
        };

        Assert.That(ProcessPart.Build(context).ApparmorProfile, Is.EqualTo(told));
    }

    [TestCase(false, "ours")]
    [TestCase(true, "unconfined")]
    public void An_exec_session_has_the_containers_profile_unless_it_is_privileged(bool privileged, string told)
    {
        var builder = new ExecProcessBuilder(new FakeRootedFiles(), new FakeHost(), new EngineOptions());
        var request = new CreateExecRequest("c", ["sh"], [], "", "", false, false, false, true, true, null, default) with { Privileged = privileged };

        Assert.That(builder.Build(Confined, request, default).ApparmorProfile, Is.EqualTo(told));
    }
}
