using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Containers.Update;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Update;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UpdateContainerTests
{
    private readonly FakeClock _clock = new(Samples.Time);
    private readonly FakeContainerStore _containers = new();
    private readonly ContainerWaiters _waiters = new();
    private readonly PendingDuties _duties = new();
    private readonly RestartSchedule _restarts;
    private readonly UpdateContainer _update;

    public UpdateContainerTests()
    {
        var locks = new ContainerLocks();
        // Nothing is started here: the time does not come.
        _restarts = new RestartSchedule(_containers, locks, null!, new ContainerStates(_containers, _waiters, locks), _duties, _clock);
        _update = new UpdateContainer(
            new ContainerLookup(_containers), locks, _containers, new LiveLimits(new FakeContainerRuntime(), new FakeHost()), _restarts,
            new EventPublisher(new FakeEventLog(_clock), _clock));
    }

    [TestCase(RestartKind.No, 0)]
    [TestCase(RestartKind.OnFailure, 2)]
    public async Task A_policy_that_wants_no_restart_ends_the_wait_for_one(RestartKind kind, int retries)
    {
        var container = await WaitForRestartAsync(exitCode: 1, restarts: 4);
        var exit = _waiters.NextExit(container.Id);

        await UpdateAsync(new RestartPolicy(kind, retries));

        var state = _containers.Find(container.Id)!.State;
        Assert.That((state.Phase, state.StoppedByUser, state.RestartCount), Is.EqualTo((ContainerPhase.Exited, false, 5)));
        Assert.That(await exit.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(1));
        Assert.That(() => _duties.Any, Is.False.After(30_000, 10));
    }

    [TestCase(RestartKind.UnlessStopped, 0)]
    [TestCase(RestartKind.OnFailure, 0)]
    [TestCase(RestartKind.OnFailure, 9)]
    public async Task A_policy_that_wants_a_restart_leaves_the_wait_as_it_is(RestartKind kind, int retries)
    {
        var container = await WaitForRestartAsync(exitCode: 1, restarts: 4);

        await UpdateAsync(new RestartPolicy(kind, retries));

        Assert.That(_containers.Find(container.Id)!.State.Phase, Is.EqualTo(ContainerPhase.Restarting));
        Assert.That(_containers.Find(container.Id)!.Spec.RestartPolicy.Kind, Is.EqualTo(kind));
        Assert.That(_clock.PendingTimers, Is.EqualTo(1));
    }

    [Test]
    public async Task A_policy_starts_nothing_that_has_ended()
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Exited));

        await UpdateAsync(new RestartPolicy(RestartKind.Always, 0));

        Assert.That(_containers.Find(container.Id)!.State.Phase, Is.EqualTo(ContainerPhase.Exited));
        Assert.That(_duties.Any, Is.False);
    }

    private async Task<Container> WaitForRestartAsync(int exitCode, int restarts)
    {
        var container = Samples.Container("c", Samples.Image("i"), ContainerPhase.Exited);
        container = _containers.Put(container with
        {
            Spec = container.Spec with { RestartPolicy = new RestartPolicy(RestartKind.Always, 0) },
            State = container.State with { ExitCode = exitCode, RestartCount = restarts, Finished = _clock.GetUtcNow() },
        });
        Assert.That(await _restarts.PlanAsync(container), Is.True);
        return container;
    }

    private Task UpdateAsync(RestartPolicy policy) =>
        _update.RunAsync(new UpdateContainerRequest("c", new ResourceLimits(), policy), TestContext.CurrentContext.CancellationToken);
}
