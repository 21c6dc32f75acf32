using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemoveContainerTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly ContainerLocks _locks = new();
    private readonly ContainerStates _states;
    private readonly RemoveContainer _remove;

    public RemoveContainerTests()
    {
        var clock = new FakeClock(Samples.Time);
        var waiters = new ContainerWaiters();
        _states = new ContainerStates(_containers, waiters, _locks);
        var events = new EventPublisher(new FakeEventLog(clock), clock);
        var stop = new ContainerStop(waiters, _runtime, _states, new EngineOptions(), events, clock);
        // Nothing is started here, and nothing owes clean-up.
        var restarts = new RestartSchedule(_containers, _locks, null!, _states, new PendingDuties(), clock);
        var removal = new ContainerRemoval(_containers, new FakeRootFileSystems(), null!, waiters, null!, events);
        _remove = new RemoveContainer(new ContainerLookup(_containers), _locks, stop, restarts, removal, _containers);
    }

    [Test]
    public async Task A_forced_removal_ends_also_what_is_started_meanwhile()
    {
        var (container, removal) = await StartDuringRemovalAsync(force: true);

        Assert.That(() => _runtime.Calls, Is.EqualTo(new[] { "signal 9" }).After(30_000, 10));
        await _states.ExitedAsync(container, container.State with { Phase = ContainerPhase.Exited }, CancellationToken.None);
        await removal.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_containers.Find(container.Id), Is.Null);
    }

    [Test]
    public async Task A_removal_without_force_leaves_what_is_started_meanwhile()
    {
        var (container, removal) = await StartDuringRemovalAsync(force: false);

        var refusal = await Assert.ThrowsAsync<EngineException>(() => removal);

        Assert.That(refusal!.Message, Is.EqualTo("cannot remove container \"/c\": container is running: stop the container before removing or force remove"));
        Assert.That(_containers.Find(container.Id), Is.Not.Null);
    }

    private async Task<(Container Container, Task Removal)> StartDuringRemovalAsync(bool force)
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Exited));
        using var held = await _locks.EnterAsync(container.Id, CancellationToken.None);
        var removal = _remove.RunAsync(new RemoveContainerRequest("c", force, Volumes: false), CancellationToken.None);
        container = await _states.SaveAsync(container, container.State with { Phase = ContainerPhase.Running }, CancellationToken.None);
        return (container, removal);
    }
}
