using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Execs;
using Podsharp.Engine.Health;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HealthMonitorTests
{
    private readonly FakeClock _clock = new(Samples.Time);
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly PendingDuties _duties = new();
    private FakeEventLog _events = null!;
    private HealthMonitor _monitor = null!;

    [SetUp]
    public void Make()
    {
        _events = new FakeEventLog(_clock);
        var publisher = new EventPublisher(_events, _clock);
        var probe = new HealthProbe(_runtime, new ExecProcessBuilder(new FakeRootedFiles(), new FakeHost(), new EngineOptions()), publisher, _clock);
        var records = new HealthRecords(_containers, new ContainerLocks(), publisher);
        _monitor = new HealthMonitor(records, probe, _duties, _clock, NullLogger<HealthMonitor>.Instance);
    }

    [Test]
    public async Task Probes_after_each_interval_and_tells_only_what_changes()
    {
        var container = Running();
        _monitor.Watch(container);
        await ProbeAsync(new FakeExecProcess("fine", 0));
        await ProbeAsync(new FakeExecProcess("fine", 0));

        var health = _containers.Find(container.Id)!.State.Health!;
        Assert.That((health.Status, health.Log.Count, health.Log[0].Output), Is.EqualTo((HealthStatus.Healthy, 2, "fine")));
        Assert.That(_events.Actions.Where(action => action.Contains("health_status")), Is.EqualTo(new[] { "container health_status: healthy" }));
        Assert.That(_events.Actions.Take(3), Is.EqualTo(
            new[] { "container exec_create: check me", "container exec_start: check me", "container exec_die" }));
        Assert.That(_duties.Names, Is.Not.Empty, "a scheduled check keeps the service up");
    }

    [Test]
    public async Task A_probe_that_takes_too_long_is_killed_and_says_so_with_its_output()
    {
        var container = Running();
        _monitor.Watch(container);
        await ProbeAsync(new FakeExecProcess("so far", null), TimeSpan.FromMilliseconds(700));

        var result = _containers.Find(container.Id)!.State.Health!.Log.Single();
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((-1, "Health check exceeded timeout (700ms): so far")));
        Assert.That(_runtime.Calls, Has.Member("signal 9"));
    }

    [Test]
    public async Task Keeps_the_beginning_of_a_long_output()
    {
        var container = Running();
        _monitor.Watch(container);
        await ProbeAsync(new FakeExecProcess(new string('x', 5000), 0));

        Assert.That(_containers.Find(container.Id)!.State.Health!.Log.Single().Output, Is.EqualTo(new string('x', 4096) + "..."));
    }

    [Test]
    public void Does_not_probe_a_paused_container()
    {
        var container = Running();
        _monitor.Watch(container);
        _containers.Put(container with { State = container.State with { Phase = ContainerPhase.Paused } });
        _clock.Advance(TimeSpan.FromSeconds(35));

        Assert.That(_runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task A_later_service_goes_on_where_the_last_one_ended()
    {
        var probe = new ProbeResult(Samples.Time, Samples.Time, 1, "bad");
        var container = Running(new ContainerHealth(HealthStatus.Starting, 2, [probe, probe]));
        _clock.Advance(TimeSpan.FromMinutes(5));
        _runtime.Execs.Enqueue(new FakeExecProcess("bad", 1));

        _monitor.Watch(container);

        var health = await SettledAsync(container, state => state.FailingStreak == 3);
        Assert.That((health.Status, health.Log.Count), Is.EqualTo((HealthStatus.Unhealthy, 3)), "what was due is done at once");
    }

    private async Task ProbeAsync(FakeExecProcess process, TimeSpan? longer = null)
    {
        var before = _containers.All.Single().State.Health?.Log.Count ?? 0;
        _runtime.Execs.Enqueue(process);
        _clock.Advance(TimeSpan.FromSeconds(10));
        if (longer is { } time)
        {
            await Eventually(() => _runtime.Calls.Count > 0 && _clock.PendingTimers > 0);
            _clock.Advance(time);
        }

        await SettledAsync(_containers.All.Single(), health => health.Log.Count > before);
        // The next wait has begun when its timer is there.
        await Eventually(() => _clock.PendingTimers > 0);
    }

    private static async Task Eventually(Func<bool> settled)
    {
        for (var i = 0; i < 2000 && !settled(); i++) await Task.Delay(1);
        Assert.That(settled(), Is.True);
    }

    private async Task<ContainerHealth> SettledAsync(Container container, Func<ContainerHealth, bool> settled)
    {
        await Eventually(() => _containers.Find(container.Id)!.State.Health is { } health && settled(health));
        return _containers.Find(container.Id)!.State.Health!;
    }

    private Container Running(ContainerHealth? health = null)
    {
        var container = Samples.Container("c", Samples.Image("image", "image:1"), ContainerPhase.Running);
        return _containers.Put(container with
        {
            State = container.State with { Started = Samples.Time, Generation = 1, Health = health },
            Spec = container.Spec with
            {
                HealthCheck = new HealthCheck(["CMD", "check", "me"], TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(700), null, null, 3),
            },
        });
    }
}
