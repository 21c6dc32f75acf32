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
public sealed class KillContainerTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly FakeEventLog _told;
    private readonly KillContainer _kill;

    public KillContainerTests()
    {
        var clock = new FakeClock(Samples.Time);
        var locks = new ContainerLocks();
        var waiters = new ContainerWaiters();
        var states = new ContainerStates(_containers, waiters, locks);
        _told = new FakeEventLog(clock);
        var events = new EventPublisher(_told, clock);
        var stop = new ContainerStop(waiters, _runtime, states, new EngineOptions(), events, clock);
        // Nothing is started here.
        var restarts = new RestartSchedule(_containers, locks, null!, states, new PendingDuties(), clock);
        _kill = new KillContainer(new ContainerLookup(_containers), stop, states, restarts);
    }

    [TestCase(ContainerPhase.Exited)]
    [TestCase(ContainerPhase.Created)]
    public async Task What_does_not_run_cannot_be_killed(ContainerPhase phase)
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), phase));

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync("c", "SIGTERM"));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.Conflict, $"cannot kill container: c: container {container.Id} is not running")));
    }

    [TestCase("nobody", "SIGTERM", ErrorKind.NotFound, "cannot kill container: nobody: No such container: nobody")]
    [TestCase("c", "NONSENSE", ErrorKind.InvalidInput, "cannot kill container: c: ")]
    public async Task A_refusal_names_the_container_as_it_was_asked_for(string name, string signal, ErrorKind kind, string message)
    {
        _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Running));

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync(name, signal));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((kind, failure.Message)));
        Assert.That(failure.Message, Does.StartWith(message));
        Assert.That(_runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task A_signal_that_ends_nothing_is_sent_and_no_more()
    {
        var container = _containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Running));

        await RunAsync("c", "SIGUSR1");

        Assert.That(_runtime.Calls, Is.EqualTo(new[] { "signal 10" }));
        Assert.That(_containers.Find(container.Id)!.State.StoppedByUser, Is.False);
    }

    [TestCase(null, "SIGUSR1", true)]
    [TestCase(null, "SIGTERM", true)]
    [TestCase("SIGUSR1", "SIGUSR1", true)]
    [TestCase("SIGUSR1", "SIGTERM", false)]
    public async Task A_paused_one_goes_on_for_a_signal_that_may_end_it(string? stopSignal, string signal, bool goesOn)
    {
        var container = Samples.Container("c", Samples.Image("i"), ContainerPhase.Paused);
        _containers.Put(container with { Spec = container.Spec with { StopSignal = stopSignal } });

        await RunAsync("c", signal);

        Assert.That(_runtime.Calls.Contains("resume"), Is.EqualTo(goesOn));
        Assert.That(_containers.Find(container.Id)!.State.Phase, Is.EqualTo(goesOn ? ContainerPhase.Running : ContainerPhase.Paused));
        Assert.That(_told.Actions, Is.EqualTo(goesOn ? ["container unpause", "container kill"] : new[] { "container kill" }));
    }

    private Task RunAsync(string container, string signal) => _kill.RunAsync(new KillContainerRequest(container, signal), TestContext.CurrentContext.CancellationToken);
}
