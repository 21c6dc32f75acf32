using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Launch;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerFreezerTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly ContainerFreezer _freezer;

    public ContainerFreezerTests()
    {
        var clock = new FakeClock(Samples.Time);
        var locks = new ContainerLocks();
        _freezer = new ContainerFreezer(
            new ContainerLookup(_containers), locks, new ContainerStates(_containers, new ContainerWaiters(), locks), new EventPublisher(new FakeEventLog(clock), clock));
    }

    [TestCase(ContainerPhase.Exited, "container {0} is not running")]
    [TestCase(ContainerPhase.Restarting, "Container {0} is restarting, wait until the container is running")]
    public async Task What_does_not_run_cannot_be_paused(ContainerPhase phase, string words)
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), phase));

        Assert.That(await RefusalAsync(new PauseContainer(_freezer, _runtime).RunAsync), Is.EqualTo((ErrorKind.Conflict, string.Format(CultureInfo.InvariantCulture, words, container.Id))));
    }

    [Test]
    public async Task What_is_paused_cannot_be_paused_again()
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Paused));

        Assert.That(await RefusalAsync(new PauseContainer(_freezer, _runtime).RunAsync), Is.EqualTo((ErrorKind.Conflict, $"Container {container.Id} is already paused")));
    }

    [Test]
    public async Task What_is_paused_is_not_taken_for_healthy()
    {
        var container = Samples.Container("c", Samples.Image("i"), ContainerPhase.Running);
        _containers.Put(container with { State = container.State with { Health = new ContainerHealth(HealthStatus.Healthy, 0, []) } });

        await new PauseContainer(_freezer, _runtime).RunAsync("c", TestContext.CurrentContext.CancellationToken);

        Assert.That(_containers.Find(container.Id)!.State.Health!.Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [TestCase(ContainerPhase.Running)]
    [TestCase(ContainerPhase.Exited)]
    public async Task What_is_not_paused_cannot_go_on(ContainerPhase phase)
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), phase));

        Assert.That(await RefusalAsync(new UnpauseContainer(_freezer, _runtime).RunAsync), Is.EqualTo((ErrorKind.Conflict, $"Container {container.Id} is not paused")));
    }

    private async Task<(ErrorKind Kind, string Message)> RefusalAsync(Func<string, CancellationToken, Task> verb)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => verb("c", TestContext.CurrentContext.CancellationToken));
        Assert.That(_runtime.Calls, Is.Empty);
        return (failure!.Kind, failure.Message);
    }
}
