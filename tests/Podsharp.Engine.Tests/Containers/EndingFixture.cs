using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

/// <summary>What ends containers, on fakes. Nothing is started here.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class EndingFixture
{
    private protected FakeContainerStore Containers { get; } = new();

    private protected FakeContainerRuntime Runtime { get; } = new();

    private protected FakeClock Clock { get; } = new(Samples.Time);

    private protected ContainerLocks Locks { get; } = new();

    private protected ContainerWaiters Waiters { get; } = new();

    private protected FakeEventLog Told { get; }

    private protected EventPublisher Events { get; }

    private protected ContainerStates States { get; }

    private protected ContainerStop Stop { get; }

    private protected RestartSchedule Restarts { get; }

    protected EndingFixture()
    {
        Told = new FakeEventLog(Clock);
        Events = new EventPublisher(Told, Clock);
        States = new ContainerStates(Containers, Waiters, Locks);
        Stop = new ContainerStop(Waiters, Runtime, States, new EngineOptions(), Events, Clock);
        Restarts = new RestartSchedule(Containers, Locks, null!, States, new PendingDuties(), Clock);
    }
}
