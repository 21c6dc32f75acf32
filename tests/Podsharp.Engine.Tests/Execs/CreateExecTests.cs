using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Execs;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Execs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreateExecTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly CreateExec _create;

    public CreateExecTests()
    {
        var clock = new FakeClock(Samples.Time);
        _create = new CreateExec(
            new ContainerLookup(_containers), new ExecSessions(_containers, clock), new FakeContainerRuntime(), new EventPublisher(new FakeEventLog(clock), clock));
    }

    [Test]
    public async Task A_paused_container_must_go_on_first()
    {
        _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Paused));

        Assert.That(await RefusalAsync("true"), Is.EqualTo((ErrorKind.Conflict, "Container c is paused, unpause the container before exec")));
    }

    [Test]
    public async Task A_restarting_container_must_run_first()
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Restarting));

        Assert.That(await RefusalAsync("true"), Is.EqualTo((ErrorKind.Conflict, $"Container {container.Id} is restarting, wait until the container is running")));
    }

    [TestCase(ContainerPhase.Created)]
    [TestCase(ContainerPhase.Exited)]
    public async Task Nothing_is_executed_where_nothing_runs(ContainerPhase phase)
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), phase));

        Assert.That(await RefusalAsync("true"), Is.EqualTo((ErrorKind.Conflict, $"container {container.Id} is not running")));
    }

    [Test]
    public async Task A_command_is_needed()
    {
        _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Running));

        Assert.That(await RefusalAsync(), Is.EqualTo((ErrorKind.InvalidInput, "No exec command specified")));
    }

    private async Task<(ErrorKind Kind, string Message)> RefusalAsync(params string[] command)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => _create.RunAsync(
            new CreateExecRequest("c", command, [], "", "", false, true, false, true, true, null, default), TestContext.CurrentContext.CancellationToken));
        return (failure!.Kind, failure.Message);
    }
}
